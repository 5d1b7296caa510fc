import { eachSchedule } from "./each-schedule.ts";

/** Runs schedules once now, out of turn. */
export default eachSchedule(
  (schedules, name) => schedules.run(name),
  ({ id }) => id,
);
