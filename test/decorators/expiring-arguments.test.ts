import { describe, expect, it } from "vitest";
import { aCreated, aStarted } from "../../harness/an-execution.ts";
import { memoryExecutions, memoryPayloads } from "../../harness/memory/memory-executions.ts";
import { argumentsKey } from "../../lambdas/core/payload-keys.ts";
import type { ExecutionEvent } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";
import { expiringArguments } from "../../lambdas/decorators/expiring-arguments.ts";
import type { LogEntry } from "../../lambdas/log/log.ts";

const large = { arguments: { bytes: 9_999 } };
const waiting = aCreated(large);
const running = aStarted(large);

/** Returns the writes that `event` on `execution` causes. */
async function written(execution: typeof waiting | typeof running, event: ExecutionEvent, { isThere = true } = {}) {
  const executions = memoryExecutions();
  if (isThere) executions.records.set(execution.id, execution);
  const payloads = memoryPayloads();
  payloads.objects.set(argumentsKey(execution), "[]");
  const decision = next(execution, event, 15_000);
  if (!("to" in decision)) throw new Error(`nothing is written: ${JSON.stringify(decision)}`);
  const result = await expiringArguments(executions, payloads, () => {}).apply(decision);
  return { result, expiring: [...payloads.expiring] };
}

const failed = { type: "finish", attempt: 1, end: { state: "failed", errorCode: "ER0000" } } as const;

describe("the arguments of an execution", () => {
  it.for<[string, typeof waiting | typeof running, ExecutionEvent]>([
    ["succeeds", running, { type: "finish", attempt: 1, end: { state: "succeed" } }],
    ["fails", running, failed],
    ["is cancelled", waiting, { type: "cancel", force: false }],
    ["is discarded", { ...waiting, discardAfterMs: 14_000 }, { type: "start", revision: 0, leaseMs: 1 }],
    ["is given up", { ...waiting, recheckAtMs: 0 }, { type: "give_up", attempt: 1 }],
  ])("begin to expire when it %s", async ([, execution, event]) => {
    expect(await written(execution, event)).toEqual({ result: "applied", expiring: [argumentsKey(waiting)] });
  });

  it.for<[string, typeof waiting | typeof running, ExecutionEvent]>([
    ["is postponed", waiting, { type: "reschedule", scheduledAtMs: 10 ** 12 }],
    ["starts", waiting, { type: "start", revision: 0, leaseMs: 1 }],
    ["is to be retried", running, { ...failed, retryAfterMs: 5 }],
    ["is being aborted", running, { type: "cancel", force: true }],
  ])("do not when it %s", async ([, execution, event]) => {
    expect(await written(execution, event)).toEqual({ result: "applied", expiring: [] });
  });

  it("do not when somebody else was quicker: it may wait for years now", async () => {
    const event = { type: "cancel", force: false } as const;
    expect(await written(waiting, event, { isThere: false })).toEqual({ result: "lost", expiring: [] });
  });

  it("stay, and the log says so, when they cannot be marked", async () => {
    const executions = memoryExecutions();
    await executions.create(waiting);
    const payloads = { ...memoryPayloads(), expire: () => Promise.reject(new Error("SlowDown")) };
    const entries: LogEntry[] = [];
    const decision = next(waiting, { type: "cancel", force: false }, 15_000);
    if (!("to" in decision)) throw new Error("it can be cancelled");
    const result = await expiringArguments(executions, payloads, (entry) => entries.push(entry)).apply(decision);
    expect(result).toBe("applied");
    expect(entries).toMatchObject([{ level: "ERROR", message: "arguments do not expire", executionId: waiting.id }]);
  });
});
