import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from "@aws-sdk/lib-dynamodb";
import type { Rates } from "../../core/ports.ts";
import { rateKey } from "./key-schema.ts";

/** A rate that is free again is gone a day later. */
const KEPT_SECONDS = 86_400;

/**
 * Theoretical arrival times of rates, beside the executions. Update expressions have no `max`: there are two updates.
 */
export function dynamoRates(client: DynamoDBDocumentClient, tableName: string): Rates {
  return {
    async advance(functionId, name, intervalMs, nowMs) {
      const update = { TableName: tableName, Key: rateKey(functionId, name) };
      for (;;) {
        const moved = await updateIf(client, {
          ...update,
          // The item outlives the arrival time, which is not always whole seconds further.
          UpdateExpression: "SET arrival = arrival + :interval, expires_at = expires_at + :seconds",
          ConditionExpression: "arrival >= :now",
          ExpressionAttributeValues: {
            ":interval": intervalMs,
            ":seconds": Math.ceil(intervalMs / 1000),
            ":now": nowMs,
          },
          ReturnValues: "UPDATED_OLD",
        });
        if (moved !== undefined) return moved["arrival"] as number;
        const begun = await updateIf(client, {
          ...update,
          UpdateExpression: "SET arrival = :next, expires_at = :expires",
          ConditionExpression: "attribute_not_exists(id) OR arrival < :now",
          ExpressionAttributeValues: {
            ":next": nowMs + intervalMs,
            ":expires": Math.ceil((nowMs + intervalMs) / 1000) + KEPT_SECONDS,
            ":now": nowMs,
          },
        });
        if (begun !== undefined) return nowMs;
      }
    },
  };
}

async function updateIf(
  client: DynamoDBDocumentClient,
  input: UpdateCommandInput,
): Promise<Record<string, unknown> | undefined> {
  try {
    return (await client.send(new UpdateCommand(input))).Attributes ?? {};
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return undefined;
    throw error;
  }
}
