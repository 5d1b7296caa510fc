import type { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { expect, it } from "vitest";
import { aStarted } from "../../harness/an-execution.ts";
import { steppedClock } from "../../harness/memory/memory-ports.ts";
import { dynamoExecutions } from "../../lambdas/aws/dynamodb/executions.ts";
import { next } from "../../lambdas/core/transitions.ts";

const DAY_MS = 86_400_000;

it("metadata postings last as long as an execution that is retried for weeks, and are written before it", async () => {
  const written: { kind: string; expires_at?: number }[] = [];
  const send = async ({ input }: { input: { Item: (typeof written)[number] } }) => void written.push(input.Item);
  const client = { send } as unknown as DynamoDBDocumentClient;
  const table = { tableName: "executions", shards: 4, retentionDays: 30 };
  const executions = dynamoExecutions(client, table, steppedClock(0));
  const retryAtMs = 60 * DAY_MS;
  const failed = { type: "finish", attempt: 1, end: { state: "failed", errorCode: "ER0000" } } as const;
  const retry = next(aStarted({ metadata: { user: "1" } }), { ...failed, retryAfterMs: retryAtMs - 15_000 }, 15_000);
  if (!("to" in retry)) throw new Error("must be retried");

  expect(await executions.apply(retry)).toBe("applied");

  const [posting, record] = written;
  expect(written).toHaveLength(2);
  expect(posting?.kind).toContain("user");
  // A week of waiting and running is left beyond the retention.
  expect(posting?.expires_at).toBeGreaterThanOrEqual((retryAtMs + 37 * DAY_MS) / 1_000);
  expect(record).not.toHaveProperty("metadata");
});
