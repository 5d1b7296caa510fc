import type { Created, Execution, Failed, Started, Succeeded } from "../../lambdas/core/execution.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";

export const anId = "01939a3c-0000-7000-8000-00000000abcd" as ExecutionId;

export function aCreated(changes: Partial<Created> = {}): Created {
  return {
    state: "created",
    id: anId,
    functionName: "importContacts",
    functionId: "5d7c8f0e-0000-5000-8000-000000000000",
    revision: 0,
    attempt: 1,
    createdAtMs: 1_000,
    updatedAtMs: 1_000,
    scheduledAtMs: 10_000,
    metadata: {},
    arguments: { inline: "[]" },
    tokenSeed: "seed",
    ...changes,
  };
}

export function aStarted(changes: Partial<Started> = {}): Started {
  return { ...aCreated(), state: "started", startedAtMs: 10_000, leaseUntilMs: 20_000, ...changes };
}

/** An execution in every state. */
export function inEveryState(): Execution[] {
  const { leaseUntilMs: _, ...ran } = aStarted();
  const succeeded: Succeeded = { ...ran, state: "succeed", finishedAtMs: 12_000 };
  const failed: Failed = { ...ran, state: "failed", finishedAtMs: 12_000, errorCode: "ER0000" };
  return [aCreated(), aStarted(), succeeded, failed, { ...aCreated(), state: "discarded", finishedAtMs: 12_000 }];
}
