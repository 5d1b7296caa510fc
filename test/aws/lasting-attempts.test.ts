import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { describe, expect, it } from "vitest";
import { dynamoAttempts } from "../../lambdas/aws/dynamodb/attempts.ts";
import { lastingAttempts } from "../../lambdas/aws/lasting-attempts.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import type { Event } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";
import { aCreated, anAttempt, anId, aStarted } from "../support/an-execution.ts";
import { memoryAttempts, memoryExecutions, steppedClock } from "../support/memory-ports.ts";

const DAY_MS = 86_400_000;

/** Returns until when attempts are kept, before the retention, once `event` has happened to the third attempt. */
async function keptFrom(execution: Execution, event: Event, nowMs = 15_000) {
  const executions = memoryExecutions();
  executions.records.set(execution.id, execution);
  const attempts = memoryAttempts();
  for (const number of [1, 2]) await attempts.record(anAttempt({ executionId: anId, number }));
  const decision = next(execution, event, nowMs);
  if (!("to" in decision)) throw new Error(`nothing is written: ${JSON.stringify(decision)}`);
  expect(await lastingAttempts(executions, attempts).apply(decision)).toBe("applied");
  return Object.fromEntries(attempts.keptFromMs);
}

describe("the ended attempts of an execution", () => {
  const failed = { type: "finish", attempt: 3, end: { state: "failed", errorCode: "ER0000" } } as const;
  const both = (fromMs: number) => ({ [`${anId}.1`]: fromMs, [`${anId}.2`]: fromMs });

  it.for<[string, Execution, Event]>([
    ["is retried in weeks", aStarted({ attempt: 3 }), { ...failed, retryAfterMs: 60 * DAY_MS - 15_000 }],
    ["is postponed by weeks", aCreated({ attempt: 3 }), { type: "reschedule", scheduledAtMs: 60 * DAY_MS }],
  ])("are kept as long as one that %s", async ([, execution, event]) => {
    expect(await keptFrom(execution, event)).toEqual(both(60 * DAY_MS));
  });

  it("are kept as long as one that has waited for weeks", async () => {
    const waiting = aCreated({ attempt: 3, recheckAtMs: 0 });
    expect(await keptFrom(waiting, { type: "wait" }, 60 * DAY_MS)).toEqual(both(60 * DAY_MS));
  });

  it.for<[string, Execution, Event]>([
    ["is retried at once", aStarted({ attempt: 3 }), { ...failed, retryAfterMs: 5_000 }],
    ["ends", aStarted({ attempt: 3 }), failed],
  ])("are not written again for one that %s", async ([, execution, event]) => {
    expect(await keptFrom(execution, event)).toEqual({});
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
