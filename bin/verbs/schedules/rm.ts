import { eachSchedule } from "./each-schedule.ts";

/** Removes schedules. */
export default eachSchedule(
  (schedules, name) => schedules.delete(name).then(() => ({ name })),
  () => "removed",
);
