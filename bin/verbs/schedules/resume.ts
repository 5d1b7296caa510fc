import { eachSchedule } from "./each-schedule.ts";

/** Lets schedules go on with their next tick after now. */
export default eachSchedule(
  (schedules, name) => schedules.resume(name),
  () => "resumed",
);
