import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { aCreated, anAttempt, anId, aStarted } from "../../harness/an-execution.ts";
import { memoryAttempts, memoryExecutions } from "../../harness/memory/memory-executions.ts";
import { steppedClock } from "../../harness/memory/memory-ports.ts";
import { dynamoAttempts } from "../../lambdas/aws/dynamodb/attempts.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import type { ExecutionEvent, Transition } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";
import { lastingAttempts } from "../../lambdas/decorators/lasting-attempts.ts";
import type { Log, LogEntry } from "../../lambdas/log/log.ts";

const DAY_MS = 86_400_000;

/** Returns until when attempts are kept, before the retention, once `event` has happened to the third attempt. */
async function keptFrom(execution: Execution, event: ExecutionEvent, nowMs = 15_000) {
  const executions = memoryExecutions();
  executions.records.set(execution.id, execution);
  const attempts = memoryAttempts();
  for (const number of [1, 2]) await attempts.record(anAttempt({ executionId: anId, number }));
  expect(await lastingAttempts(executions, attempts, unexpected).apply(decided(execution, event, nowMs))).toBe(
    "applied",
  );
  return Object.fromEntries(attempts.keptFromMs);
}

function decided(execution: Execution, event: ExecutionEvent, nowMs = 15_000): Transition {
  const decision = next(execution, event, nowMs);
  if (!("to" in decision)) throw new Error(`nothing is written: ${JSON.stringify(decision)}`);
  return decision;
}

const unexpected: Log = (entry) => expect.unreachable(JSON.stringify(entry));

describe("the ended attempts of an execution", () => {
  const failed = { type: "finish", attempt: 3, end: { state: "failed", errorCode: "ER0000" } } as const;
  const both = (fromMs: number) => ({ [`${anId}.1`]: fromMs, [`${anId}.2`]: fromMs });

  it.for<[string, Execution, ExecutionEvent]>([
    ["is retried in weeks", aStarted({ attempt: 3 }), { ...failed, retryAfterMs: 60 * DAY_MS - 15_000 }],
    ["is postponed by weeks", aCreated({ attempt: 3 }), { type: "reschedule", scheduledAtMs: 60 * DAY_MS }],
  ])("are kept as long as one that %s", async ([, execution, event]) => {
    expect(await keptFrom(execution, event)).toEqual(both(60 * DAY_MS));
  });

  it("are kept as long as one that has waited for weeks", async () => {
    const waiting = aCreated({ attempt: 3, recheckAtMs: 0 });
    expect(await keptFrom(waiting, { type: "wait" }, 60 * DAY_MS)).toEqual(both(60 * DAY_MS));
  });

  it.for<[string, Execution, ExecutionEvent]>([
    ["is retried at once", aStarted({ attempt: 3 }), { ...failed, retryAfterMs: 5_000 }],
    ["ends", aStarted({ attempt: 3 }), failed],
  ])("are not written again for one that %s", async ([, execution, event]) => {
    expect(await keptFrom(execution, event)).toEqual({});
  });

  const postponed = decided(aCreated({ attempt: 61 }), { type: "reschedule", scheduledAtMs: 60 * DAY_MS });

  /** Returns the ports of an execution with sixty ended attempts. */
  async function sixtyAttempts() {
    const executions = memoryExecutions();
    executions.records.set(anId, aCreated({ attempt: 61 }));
    const attempts = memoryAttempts();
    for (let number = 1; number <= 60; number++) await attempts.record(anAttempt({ executionId: anId, number }));
    return { executions, attempts };
  }

  it("are written once the execution is, 25 at once: they may be hundreds", async () => {
    const { executions, attempts } = await sixtyAttempts();
    const applied: unknown[] = [];
    let [running, most] = [0, 0];
    const { keep } = attempts;
    attempts.keep = async (attempt, fromMs) => {
      applied.push(executions.records.get(anId)?.scheduledAtMs);
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      await keep(attempt, fromMs);
    };
    expect(await lastingAttempts(executions, attempts, unexpected).apply(postponed)).toBe("applied");
    expect(applied).toEqual(Array.from({ length: 60 }, () => 60 * DAY_MS));
    expect(attempts.keptFromMs.size).toBe(60);
    expect(most).toBe(25);
  });

  it("that cannot be written cost neither the execution's write nor each other, and the log says so", async () => {
    const { executions, attempts } = await sixtyAttempts();
    const { keep } = attempts;
    attempts.keep = (attempt, fromMs) =>
      attempt.number === 3 ? Promise.reject(new Error("throttled")) : keep(attempt, fromMs);
    const entries: LogEntry[] = [];
    const lasting = lastingAttempts(executions, attempts, (entry) => entries.push(entry));
    expect(await lasting.apply(postponed)).toBe("applied");
    expect(attempts.keptFromMs.size).toBe(59);
    expect(entries).toMatchObject([{ level: "ERROR", message: "earlier attempts not kept longer", executionId: anId }]);
  });

  it("are not written where somebody else was quicker", async () => {
    const { attempts } = await sixtyAttempts();
    expect(await lastingAttempts(memoryExecutions(), attempts, unexpected).apply(postponed)).toBe("lost");
    expect(attempts.keptFromMs.size).toBe(0);
  });

  it("expire when the retention is over, and a week for each further look is left", async () => {
    const written: { expires_at: number }[] = [];
    const send = async ({ input }: { input: { Item: { expires_at: number } } }) => void written.push(input.Item);
    const attempts = dynamoAttempts({ send } as unknown as DynamoDBDocumentClient, "attempts", steppedClock(0), 30);
    const attempt = anAttempt({ finishedAtMs: DAY_MS });
    await attempts.record(attempt);
    await attempts.keep(attempt, 60 * DAY_MS);
    const days = written.map((item) => item.expires_at / 86_400);
    expect(days).toEqual([1 + 30 + 14, 60 + 30 + 14]);
  });
});
