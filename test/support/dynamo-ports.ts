import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { RunningCloud } from "../../harness/a-cloud.ts";
import { dynamoAttempts } from "../../lambdas/aws/dynamodb/attempts.ts";
import { dynamoExecutions } from "../../lambdas/aws/dynamodb/executions.ts";
import { dynamoIdempotencyKeys } from "../../lambdas/aws/dynamodb/idempotency-keys.ts";
import { dynamoIndexes } from "../../lambdas/aws/dynamodb/indexes.ts";
import { systemClock } from "../../lambdas/aws/system-clock.ts";

/** The ports that stand on DynamoDB, on the tables of the template. */
export function dynamoPorts({ cloud, dynamodb }: RunningCloud) {
  const documents = DynamoDBDocumentClient.from(dynamodb, { marshallOptions: { removeUndefinedValues: true } });
  const nameOf = (part: string) => {
    const found = cloud.resources.find(({ logicalId }) => logicalId.startsWith(part));
    if (found === undefined) throw new Error(`no resource ${part}…`);
    return found.physicalId;
  };
  const table = { tableName: nameOf("StorageExecutions"), shards: 4 };
  return {
    executions: dynamoExecutions(documents, table, systemClock),
    indexes: dynamoIndexes(documents, table),
    idempotencyKeys: dynamoIdempotencyKeys(documents, table.tableName, systemClock),
    attempts: dynamoAttempts(documents, nameOf("StorageAttempts"), systemClock),
  };
}
