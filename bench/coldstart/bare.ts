import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

const dynamodb = new DynamoDBClient({});

/** The least that a handler with a table can be: one read, one answer. */
export async function handler(): Promise<{ statusCode: number; body: string }> {
  const { Item } = await dynamodb.send(
    new GetItemCommand({ TableName: "executions", Key: { id: { S: "1" }, kind: { S: "execution" } } }),
  );
  return { statusCode: 200, body: JSON.stringify(Item) };
}
