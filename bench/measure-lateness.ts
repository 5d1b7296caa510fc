import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { dynamoExecutions } from "../lambdas/aws/dynamodb/executions.ts";
import { systemClock } from "../lambdas/aws/system-clock.ts";
import type { ExecutionId } from "../lambdas/core/ids.ts";
import type { RunningCloud } from "../test/support/a-cloud.ts";
import { until } from "../test/support/until.ts";

const SECOND_MS = 1_000;
const LIMIT_MS = 300 * SECOND_MS;

/** Waits for the ends of all, and returns how late each started, in milliseconds. Asks the table itself: calls of the API would keep the executions from their cores. */
export async function measureLateness({ cloud, dynamodb }: RunningCloud, ids: readonly string[]): Promise<number[]> {
  const tableName =
    cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId ?? "";
  const documents = DynamoDBDocumentClient.from(dynamodb);
  const executions = dynamoExecutions(documents, { tableName, shards: 1 }, systemClock);
  const missing = new Set(ids as ExecutionId[]);
  const lateMs: number[] = [];
  const look = async () => {
    if (ids.length > 1) await systemClock.sleep(SECOND_MS);
    for (const execution of (await executions.getMany([...missing])).values()) {
      if (!("finishedAtMs" in execution) || !("startedAtMs" in execution)) continue;
      missing.delete(execution.id);
      lateMs.push(execution.startedAtMs - execution.scheduledAtMs);
    }
    return missing.size;
  };
  await until(look, (left) => left === 0, LIMIT_MS);
  if (lateMs.some((ms) => ms < 0)) throw new Error(`started early: ${Math.min(...lateMs)} ms`);
  return lateMs;
}
