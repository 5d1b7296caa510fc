import { eachSchedule } from "./each-schedule.ts";

/** Lets schedules make no more executions. */
export default eachSchedule(
  (schedules, name) => schedules.pause(name),
  () => "paused",
);
