import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { BatchGetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";

const secrets = new SecretsManagerClient({});
const dynamodb = new DynamoDBClient({});
const sqs = new SQSClient({ useQueueUrlAsEndpoint: false });

/** The calls of an enqueue, and nothing else: what the SDK alone takes for them. */
export async function handler(): Promise<{ statusCode: number }> {
  await secrets.send(new BatchGetSecretValueCommand({ SecretIdList: ["token", "key"] }));
  const Item = { id: { S: "1" }, kind: { S: "execution" } };
  await dynamodb.send(new PutItemCommand({ TableName: "executions", Item }));
  const QueueUrl = "https://sqs.eu-west-1.amazonaws.com/000000000000/queue";
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "{}" }));
  return { statusCode: 200 };
}
