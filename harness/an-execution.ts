import type { Attempt, Completed, Created, Execution, Failed, NeverRun, Running } from "../lambdas/core/execution.ts";
import type { CountedFailure } from "../lambdas/core/failures/group.ts";
import { type ExecutionId, functionId, newExecutionId } from "../lambdas/core/ids.ts";

/** An id of `importContacts`, as every execution here. */
export const anId = "01939a3c-0000-7000-8000-f29d313babcd" as ExecutionId;

/** A new id of an execution of `functionName`. */
export function aNewId(nowMs = Date.now(), functionName = "importContacts"): ExecutionId {
  return newExecutionId(nowMs, crypto.getRandomValues(new Uint8Array(16)), functionId(functionName));
}

export function aCreated(changes: Partial<Created> = {}): Created {
  return {
    state: "created",
    id: anId,
    functionName: "importContacts",
    functionId: functionId("importContacts"),
    version: 0,
    revision: 0,
    dispatches: 0,
    recheckAtMs: 70_000,
    attempt: 1,
    createdAtMs: 1_000,
    attemptCreatedAtMs: 1_000,
    updatedAtMs: 1_000,
    scheduledAtMs: 10_000,
    metadata: {},
    arguments: { inline: "[]" },
    tokenSeed: "seed",
    ...changes,
  };
}

export function aStarted(changes: Partial<Running> = {}): Running {
  const { recheckAtMs: _, ...waited } = aCreated();
  return { ...waited, state: "started", startedAtMs: 10_000, leaseUntilMs: 20_000, ...changes };
}

/** An execution in every state. */
export function inEveryState(): Execution[] {
  const { leaseUntilMs: _, ...ran } = aStarted();
  const { recheckAtMs: __, ...waited } = aCreated();
  const ended = (state: Completed["state"]): Completed => ({ ...ran, state, finishedAtMs: 12_000 });
  const failed: Failed = { ...ran, state: "failed", finishedAtMs: 12_000, errorCode: "ER0000" };
  const neverRun = (state: NeverRun["state"]): NeverRun => ({ ...waited, state, finishedAtMs: 12_000 });
  return [
    aCreated(),
    aStarted(),
    aStarted({ state: "aborting" }),
    ended("succeed"),
    ended("aborted"),
    failed,
    neverRun("cancelled"),
    neverRun("discarded"),
  ];
}

/** An attempt that has ended; the first one, unless said otherwise. */
export function anAttempt(changes: Partial<Attempt> = {}): Attempt {
  return {
    executionId: anId,
    number: 1,
    createdAtMs: 1_000,
    scheduledAtMs: 10_000,
    startedAtMs: 10_000,
    finishedAtMs: 12_000,
    end: { state: "succeed" },
    result: { inline: "null" },
    logs: { inline: "" },
    ...changes,
  };
}

/** A failed attempt of the kind whose fingerprint begins with `kind`. */
export function aCountedFailure(kind: string, changes: Partial<CountedFailure> = {}): CountedFailure {
  return {
    fingerprint: kind.padEnd(32, "0"),
    executionId: anId,
    functionName: "importContacts",
    errorName: "RangeError",
    message: `too ${kind}`,
    atMs: 1_000,
    ...changes,
  };
}
