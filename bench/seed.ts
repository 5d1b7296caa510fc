import { BatchWriteCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { toItem, toPostings } from "../lambdas/aws/dynamodb/item.ts";
import type { Created, Execution } from "../lambdas/core/execution.ts";
import { errorFingerprint } from "../lambdas/core/failures/fingerprint.ts";
import { type ExecutionId, functionId, newExecutionId } from "../lambdas/core/ids.ts";
import { RETENTION_DAYS } from "../lambdas/core/limits.ts";

/** The execution that has children. */
export const PARENT = "01939a3c-0000-7000-8000-0000000000aa" as ExecutionId;

/** The kind of one in ten failures. */
export const KIND_OF_FAILURE = kindOfFailure(0);

const KINDS = 10;
const FUNCTIONS = 20;
const MINUTE_MS = 60_000;
const BATCHES_AT_ONCE = 8;

/**
 * Execution number `index`, a minute after the one before: 20 functions in turn; one in 1,000 failed, in ten ways; one
 * in 100 waits, the others succeeded; one in 500 is a child; metadata as the names say.
 */
function execution(index: number): Execution {
  const createdAtMs = 1_700_000_000_000 + index * MINUTE_MS;
  const name = `function${index % FUNCTIONS}`;
  const created: Created = {
    state: "created",
    id: newExecutionId(createdAtMs, crypto.getRandomValues(new Uint8Array(16)), functionId(name)),
    functionName: name,
    functionId: functionId(name),
    version: 2,
    revision: 0,
    dispatches: 0,
    recheckAtMs: createdAtMs + 60_000,
    attempt: 1,
    createdAtMs,
    attemptCreatedAtMs: createdAtMs,
    updatedAtMs: createdAtMs,
    scheduledAtMs: createdAtMs,
    metadata: {
      plan: index % 2 === 0 ? "free" : "paid",
      // A thousand users, each with one in a thousand.
      user: String(index % 1000),
      // Half of all have one or the other; one in 1,000 has both.
      ...((index % 2 === 0 || index % 1000 === 1) && { even: "yes" }),
      ...(index % 2 === 1 && { odd: "yes" }),
    },
    arguments: { inline: '["https://example.test/videos/1",{"quality":"high"}]' },
    tokenSeed: "x".repeat(43),
    ...(index % 500 === 0 && { executedBy: PARENT }),
  };
  if (index % 100 === 50) return created;
  const ended = { startedAtMs: createdAtMs + 50, finishedAtMs: createdAtMs + 900 };
  return index % 1000 === 500
    ? {
        ...created,
        ...ended,
        state: "failed",
        errorCode: "ER0000",
        errorFingerprint: kindOfFailure(Math.floor(index / 1000) % KINDS),
      }
    : { ...created, ...ended, state: "succeed" };
}

function kindOfFailure(kind: number): string {
  const error = { name: `Error${kind}`, message: "the mail server said no", stack: "" };
  return errorFingerprint(functionId("function0"), error);
}

/** Writes executions number `from` to `to - 1`, by default those of the benches, with their postings. */
export async function seed(
  documents: DynamoDBDocumentClient,
  tableName: string,
  shards: number,
  from: number,
  to: number,
  executionOf: (index: number) => Execution = execution,
): Promise<void> {
  const kept = { shards, retentionDays: RETENTION_DAYS };
  let next = from;
  const worker = async () => {
    while (next < to) {
      const first = next;
      next += 5;
      const items = Array.from({ length: Math.min(5, to - first) }, (_, offset) => {
        const one = executionOf(first + offset);
        return [toItem(one, kept), ...toPostings({ ...one, state: "created" } as Created, kept)];
      }).flat();
      let requests = items.map((Item) => ({ PutRequest: { Item } }));
      while (requests.length > 0) {
        const command = new BatchWriteCommand({ RequestItems: { [tableName]: requests.slice(0, 25) } });
        const { UnprocessedItems } = await documents.send(command);
        requests = [...((UnprocessedItems?.[tableName] ?? []) as typeof requests), ...requests.slice(25)];
      }
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, worker));
}
