import { randomUUID } from "node:crypto";
import { ACCOUNT, REGION } from "../../account.ts";
import { type Schedule, type ScheduleInvocation, scheduleArn } from "./schedule.ts";

/**
 * Returns the payload of a target: the schedule's input with context attributes replaced. Source: EventBridge Scheduler
 * User Guide, "Adding context attributes".
 */
export function payloadOf(schedule: Schedule, { dueMs, attempt }: ScheduleInvocation, executionId: string): string {
  const { Input } = schedule.settings.Target;
  if (Input === undefined) return defaultEvent(schedule, dueMs);
  const attributes: Record<string, string> = {
    "schedule-arn": scheduleArn(schedule),
    "scheduled-time": timeOf(dueMs),
    "execution-id": executionId,
    "attempt-number": String(attempt),
  };
  return Input.replaceAll(/<aws\.scheduler\.([a-z-]+)>/g, (keyword, name: string) => attributes[name] ?? keyword);
}

/** `2022-03-22T18:59:43Z` */
export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

function defaultEvent(schedule: Schedule, dueMs: number): string {
  return JSON.stringify({
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.scheduler",
    account: ACCOUNT,
    time: timeOf(dueMs),
    region: REGION,
    resources: [scheduleArn(schedule)],
    detail: "{}",
  });
}
