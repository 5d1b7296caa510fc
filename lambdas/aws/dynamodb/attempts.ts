import { ConditionalCheckFailedException } from "@aws-sdk/client-dynamodb";
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { Attempts } from "../../core/ports.ts";
import { fromAttemptItem, toAttemptItem } from "./item.ts";

/** The ended attempts in DynamoDB: key `execution_id` + `number`. */
export function dynamoAttempts(client: DynamoDBDocumentClient, tableName: string): Attempts {
  return {
    async record(attempt) {
      try {
        await client.send(
          new PutCommand({
            TableName: tableName,
            Item: toAttemptItem(attempt),
            ConditionExpression: "attribute_not_exists(execution_id)",
          }),
        );
        return "recorded";
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return "exists";
        throw error;
      }
    },

    async get(executionId, number) {
      const { Item } = await client.send(
        new GetCommand({ TableName: tableName, Key: { execution_id: executionId, number }, ConsistentRead: true }),
      );
      return Item === undefined ? undefined : fromAttemptItem(Item);
    },
  };
}
