import { functionId } from "../../lambdas/core/ids.ts";
import type { Schedule } from "../../lambdas/core/schedules/schedule.ts";

/** A schedule of `importContacts`, every minute from 0, made at 10 s. */
export function aSchedule(changes: Partial<Schedule> = {}): Schedule {
  return {
    name: "report",
    id: crypto.randomUUID(),
    version: 0,
    revision: 0,
    functionName: "importContacts",
    functionId: functionId("importContacts"),
    arguments: { inline: "[]" },
    argumentsKey: "arguments/importContacts/schedule-1.json",
    metadata: {},
    ticks: { rule: { everySeconds: 60, anchorMs: 0 } },
    jitterSeconds: 0,
    overlap: "allow",
    catchUp: "latest",
    fingerprint: "fingerprint",
    isPaused: false,
    nextAtMs: 60_000,
    recheckAtMs: 120_000,
    createdAtMs: 10_000,
    updatedAtMs: 10_000,
    ...changes,
  };
}
