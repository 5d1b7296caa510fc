import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { App, CfnOutput, Duration, Stack } from "aws-cdk-lib";
import { HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { AttributeType, ProjectionType, TableV2 } from "aws-cdk-lib/aws-dynamodb";
import { Code, Function as Lambda, Runtime } from "aws-cdk-lib/aws-lambda";
import { SqsEventSource } from "aws-cdk-lib/aws-lambda-event-sources";
import { LogGroup } from "aws-cdk-lib/aws-logs";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import { Queue } from "aws-cdk-lib/aws-sqs";
import { describe, it } from "vitest";
import { until } from "../../harness/until.ts";
import { type CloudOptions, startCloud } from "../../local/cloud.ts";
import { type DynamoDB, reasonToSkip } from "../support/java.ts";

const code = `
import { DynamoDBClient, PutItemCommand, QueryCommand } from "@aws-sdk/client-dynamodb";
import { SQSClient, SendMessageCommand } from "@aws-sdk/client-sqs";
import { S3Client, PutObjectCommand, GetObjectCommand } from "@aws-sdk/client-s3";
import { SecretsManagerClient, GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
const dynamodb = new DynamoDBClient(), sqs = new SQSClient(), s3 = new S3Client(), secrets = new SecretsManagerClient();
const { TABLE, BUCKET, SECRET, QUEUE, FIFO, ENDPOINT } = process.env;
export const handler = async (event) => {
  if (event.Records) return void event.Records.forEach(({ body }) => console.log("heard " + body));
  const Item = { id: { S: event.pathParameters.id }, owner: { S: "me" } };
  await dynamodb.send(new PutItemCommand({ TableName: TABLE, Item }));
  const found = await dynamodb.send(new QueryCommand({ TableName: TABLE, IndexName: "byOwner", KeyConditionExpression: "#o = :o",
    ExpressionAttributeNames: { "#o": "owner" }, ExpressionAttributeValues: { ":o": { S: "me" } } }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: "deep/key", Body: "object" }));
  const object = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key: "deep/key" }));
  const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId: SECRET }));
  await sqs.send(new SendMessageCommand({ QueueUrl: QUEUE, MessageBody: "standard" }));
  await sqs.send(new SendMessageCommand({ QueueUrl: FIFO, MessageBody: "fifo", MessageGroupId: "g" }));
  return { count: found.Count, object: await object.Body.transformToString(), secret: SecretString.length, ENDPOINT };
};`;

/** Synthesizes a small version of the stacks, with cross-stack references of a given strength. */
function synthesize(directory: string, references: string): string {
  writeFileSync(join(directory, "index.mjs"), code);
  const outdir = join(directory, "out");
  const app = new App({
    outdir,
    analyticsReporting: false,
    context: { "@aws-cdk/core:defaultCrossStackReferences": references },
  });
  const kept = new Stack(app, "Kept");
  const string = (name: string) => ({ name, type: AttributeType.STRING });
  const index = { indexName: "byOwner", partitionKey: string("owner"), projectionType: ProjectionType.KEYS_ONLY };
  const table = new TableV2(kept, "Table", {
    partitionKey: string("id"),
    globalSecondaryIndexes: [index],
    timeToLiveAttribute: "ttl",
  });
  const bucket = new Bucket(kept, "Bucket", { enforceSSL: true });
  const secret = new Secret(kept, "Secret", { generateSecretString: { passwordLength: 43, excludePunctuation: true } });
  const work = new Stack(app, "Work");
  const dead = new Queue(work, "Dead", { enforceSSL: true });
  const queue = new Queue(work, "Queue", {
    visibilityTimeout: Duration.seconds(60),
    deadLetterQueue: { queue: dead, maxReceiveCount: 3 },
    enforceSSL: true,
  });
  const fifo = new Queue(work, "Fifo", { fifo: true, contentBasedDeduplication: true });
  const lambda = new Lambda(work, "Lambda", {
    runtime: Runtime.NODEJS_24_X,
    handler: "index.handler",
    code: Code.fromAsset(directory, { exclude: ["out", "node_modules"] }),
    timeout: Duration.seconds(10),
    logGroup: new LogGroup(work, "Logs"),
    environment: {
      TABLE: table.tableName,
      BUCKET: bucket.bucketName,
      SECRET: secret.secretArn,
      QUEUE: queue.queueUrl,
      FIFO: fifo.queueUrl,
    },
  });
  table.grantReadWriteData(lambda);
  bucket.grantReadWrite(lambda);
  secret.grantRead(lambda);
  queue.grantSendMessages(lambda);
  fifo.grantSendMessages(lambda);
  lambda.addEventSource(new SqsEventSource(queue, { batchSize: 5, maxConcurrency: 2, reportBatchItemFailures: true }));
  lambda.addEventSource(new SqsEventSource(fifo, { batchSize: 1 }));
  const integration = new HttpLambdaIntegration("Integration", lambda);
  const http = new HttpApi(work, "Http");
  http.addRoutes({ path: "/items/{id}", methods: [HttpMethod.PUT], integration });
  lambda.addEnvironment("ENDPOINT", http.apiEndpoint);
  new CfnOutput(work, "Endpoint", { value: http.apiEndpoint });
  return app.synth().directory;
}

describe.for<[DynamoDB, string]>([
  ["dynalite", "strong"],
  ["dynalite", "weak"],
  ["local", "strong"],
])("a synthesized CDK app, on %s, with %s references", ([dynamodb, references]) => {
  it.skipIf(reasonToSkip(dynamodb))("runs", async ({ expect }) => {
    const directory = mkdtempSync(join(tmpdir(), "epoque-synthesized-"));
    symlinkSync(resolve("node_modules"), join(directory, "node_modules"));
    const lines: string[] = [];
    const onLog: CloudOptions["onLog"] = ({ line }) => lines.push(line);
    try {
      const assembly = synthesize(directory, references);
      const cloud = await startCloud({ assembly, port: 0, dynamodb, onLog });
      try {
        expect(cloud.outputs["Work"]).toEqual({ Endpoint: cloud.apiEndpoint });
        const response = await fetch(`${cloud.apiEndpoint}/items/1`, { method: "PUT" });
        expect(await response.json()).toEqual({ count: 1, object: "object", secret: 43, ENDPOINT: cloud.apiEndpoint });
        await until(
          () => lines.toSorted(),
          (heard) => heard.length === 2,
        );
        expect(lines.toSorted()).toEqual(["heard fifo", "heard standard"]);
      } finally {
        await cloud.stop();
      }
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
