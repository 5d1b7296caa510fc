import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, PutSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { ReceiveMessageCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, it } from "vitest";
import { type DynamoDB, reasonToSkip } from "../support/java.ts";
import { aQueue, aTable } from "./support/an-assembly.ts";
import { runCloud } from "./support/run-cloud.ts";

const resources = {
  Table: aTable(),
  Queue: aQueue({ VisibilityTimeout: 7 }),
  Fifo: aQueue({ FifoQueue: true }),
  Bucket: { Type: "AWS::S3::Bucket" },
  Secret: { Type: "AWS::SecretsManager::Secret", Properties: { GenerateSecretString: {} } },
};

describe.for<DynamoDB>(["dynalite", "local"])("a cloud with a data directory, on %s", (dynamodb) => {
  it.skipIf(reasonToSkip(dynamodb))(
    "keeps rows, messages, secrets and objects across a restart",
    async ({ expect }) => {
      const dataDirectory = mkdtempSync(join(tmpdir(), "epoque-data-"));
      try {
        const first = await runCloud({ resources }, { dataDirectory, dynamodb });
        const Item = { id: { S: "1" } };
        await first.dynamodb.send(new PutItemCommand({ TableName: first.ref("Table"), Item }));
        await first.sqs.send(new SendMessageCommand({ QueueUrl: first.ref("Queue"), MessageBody: "hello" }));
        await first.s3.send(new PutObjectCommand({ Bucket: first.ref("Bucket"), Key: "k", Body: "object" }));
        await first.secrets.send(new PutSecretValueCommand({ SecretId: first.ref("Secret"), SecretString: "mine" }));
        const refs = first.cloud.resources.filter(({ type }) => type !== "AWS::SQS::Queue");
        await first[Symbol.asyncDispose]();

        await using second = await runCloud({ resources }, { dataDirectory, dynamodb });
        expect(second.cloud.resources.filter(({ type }) => type !== "AWS::SQS::Queue")).toEqual(refs);
        const row = await second.dynamodb.send(new GetItemCommand({ TableName: second.ref("Table"), Key: Item }));
        expect(row.Item).toEqual(Item);
        const QueueUrl = second.ref("Queue");
        expect(QueueUrl).toMatch(second.cloud.gatewayEndpoint);
        const { Messages } = await second.sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
        expect(Messages?.[0]?.Body).toBe("hello");
        const object = await second.s3.send(new GetObjectCommand({ Bucket: second.ref("Bucket"), Key: "k" }));
        expect(await object.Body?.transformToString()).toBe("object");
        const secret = await second.secrets.send(new GetSecretValueCommand({ SecretId: second.ref("Secret") }));
        expect(secret.SecretString).toBe("mine");
        expect(statSync(join(dataDirectory, "secrets.json")).mode & 0o777).toBe(0o600);
      } finally {
        rmSync(dataDirectory, { recursive: true });
      }
    },
  );
});
