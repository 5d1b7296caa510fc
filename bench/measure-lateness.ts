import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { RunningCloud } from "../harness/a-cloud.ts";
import { until } from "../harness/until.ts";
import { dynamoExecutions } from "../lambdas/aws/dynamodb/executions.ts";
import { systemClock } from "../lambdas/aws/system-clock.ts";
import type { ExecutionId } from "../lambdas/core/ids.ts";

const SECOND_MS = 1_000;

/** How long to wait for the ends of `count` executions. */
const limitMs = (count: number) => 300 * SECOND_MS + count * 100;

/** Executions that one look reads: looking at all of 10,000 each second would keep them from their cores. */
const AT_ONCE = 100;

/**
 * Waits for the ends of all, and returns how late each started, in milliseconds. Asks the table itself: calls of the
 * API would keep the executions from their cores.
 */
export async function measureLateness({ cloud, dynamodb }: RunningCloud, ids: readonly string[]): Promise<number[]> {
  const tableName =
    cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId ?? "";
  const documents = DynamoDBDocumentClient.from(dynamodb);
  const executions = dynamoExecutions(documents, { tableName, shards: 1 }, systemClock);
  const missing = new Set(ids as ExecutionId[]);
  const lateMs: number[] = [];
  const look = async () => {
    if (ids.length > 1) await systemClock.sleep(SECOND_MS);
    for (let hasEnded = true; hasEnded && missing.size > 0; ) {
      const some = [...missing].slice(0, AT_ONCE);
      for (const execution of (await executions.getMany(some)).values()) {
        if (!("finishedAtMs" in execution) || !("startedAtMs" in execution)) continue;
        missing.delete(execution.id);
        lateMs.push(execution.startedAtMs - execution.scheduledAtMs);
      }
      hasEnded = some.every((id) => !missing.has(id));
    }
    return missing.size;
  };
  await until(look, (left) => left === 0, limitMs(ids.length));
  if (lateMs.some((ms) => ms < 0)) throw new Error(`started early: ${Math.min(...lateMs)} ms`);
  return lateMs;
}
