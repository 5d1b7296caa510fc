import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { afterAll, beforeAll, describe, it } from "vitest";
import { AccessKeys } from "../../local/gateway/access-keys.ts";
import { callOf } from "../../local/gateway/call.ts";
import { Gateway } from "../../local/gateway/gateway.ts";
import type { Call } from "../../local/gateway/messages.ts";
import { aQueue } from "./support/an-assembly.ts";
import { runCloud } from "./support/run-cloud.ts";

let running: Awaited<ReturnType<typeof runCloud>>;

beforeAll(async () => {
  running = await runCloud({ resources: { Bucket: { Type: "AWS::S3::Bucket" }, Queue: aQueue() } });
  await running.s3.send(new PutObjectCommand({ Bucket: "main-bucket", Key: "a b/ü(1)", Body: "hello" }));
});
afterAll(() => running[Symbol.asyncDispose]());

const forged = () => ({
  ...running.settings,
  credentials: { ...running.settings.credentials, secretAccessKey: "wrong" },
});
const stranger = () => ({ ...running.settings, credentials: { accessKeyId: "AKIASTRANGER", secretAccessKey: "x" } });
const presigned = (expiresIn = 60) =>
  getSignedUrl(running.s3, new GetObjectCommand({ Bucket: "main-bucket", Key: "a b/ü(1)" }), { expiresIn });

describe("the gateway", () => {
  it("accepts signed requests", async ({ expect }) => {
    const { TableNames } = await running.dynamodb.send(new ListTablesCommand());
    expect(TableNames).toEqual([]);
    const { Body } = await running.s3.send(new GetObjectCommand({ Bucket: "main-bucket", Key: "a b/ü(1)" }));
    expect(await Body?.transformToString()).toBe("hello");
  });

  it("refuses a wrong secret with the error of each service", async ({ expect }) => {
    await expect(new DynamoDBClient(forged()).send(new ListTablesCommand())).rejects.toMatchObject({
      name: "InvalidSignatureException",
    });
    const get = new GetObjectCommand({ Bucket: "main-bucket", Key: "a" });
    await expect(new S3Client({ ...forged(), forcePathStyle: true }).send(get)).rejects.toMatchObject({
      name: "SignatureDoesNotMatch",
      $metadata: { httpStatusCode: 403 },
    });
    const send = new SendMessageCommand({ QueueUrl: running.ref("Queue"), MessageBody: "x" });
    await expect(new SQSClient(forged()).send(send)).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } });
  });

  it("refuses an unknown key", async ({ expect }) => {
    await expect(new DynamoDBClient(stranger()).send(new ListTablesCommand())).rejects.toMatchObject({
      name: "UnrecognizedClientException",
    });
    const get = new GetObjectCommand({ Bucket: "main-bucket", Key: "a" });
    await expect(new S3Client({ ...stranger(), forcePathStyle: true }).send(get)).rejects.toMatchObject({
      name: "InvalidAccessKeyId",
    });
  });

  it("refuses a body that was changed after signing", async ({ expect }) => {
    const { requestHandler } = running.dynamodb.config;
    const body = '{"Limit":1}';
    const altering: typeof requestHandler = Object.create(requestHandler, {
      handle: {
        value: (request: { headers: object }, options: object) => {
          const headers = { ...request.headers, "content-length": String(body.length) };
          return requestHandler.handle(Object.assign(request, { body, headers }) as never, options);
        },
      },
    });
    const client = new DynamoDBClient({ ...running.settings, requestHandler: altering });
    await expect(client.send(new ListTablesCommand())).rejects.toMatchObject({ name: "InvalidSignatureException" });
  });

  it("refuses unsigned requests", async ({ expect }) => {
    expect((await fetch(`${running.cloud.gatewayEndpoint}/main-bucket/a`)).status).toBe(403);
    expect((await fetch(running.cloud.gatewayEndpoint, { method: "POST", body: "{}" })).status).toBe(400);
  });

  it("accepts a presigned URL", async ({ expect }) => {
    const response = await fetch(await presigned());
    expect(await response.text()).toBe("hello");
  });

  it("refuses a presigned URL that was changed or has expired", async ({ expect }) => {
    const other = (await presigned()).replace("%281%29", "%282%29");
    expect((await fetch(other)).status).toBe(403);
    const command = new GetObjectCommand({ Bucket: "main-bucket", Key: "a b/ü(1)" });
    const signingDate = new Date(Date.now() - 61_000);
    const expired = await fetch(await getSignedUrl(running.s3, command, { expiresIn: 60, signingDate }));
    expect(expired.status).toBe(403);
    expect(await expired.text()).toContain("Request has expired");
  });

  it("refuses a presigned URL with an Authorization header, as S3 does", async ({ expect }) => {
    const response = await fetch(await presigned(), { headers: { authorization: "Bearer token" } });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain("<Code>InvalidArgument</Code>");
  });

  it("refuses a delay of more than 15 minutes", async ({ expect }) => {
    const send = (DelaySeconds: number) =>
      running.sqs.send(new SendMessageCommand({ QueueUrl: running.ref("Queue"), MessageBody: "x", DelaySeconds }));
    await expect(send(901)).rejects.toMatchObject({ name: "InvalidParameterValue" });
    await send(900);
  });

  it("finds a queue by the URL it has in AWS", async ({ expect }) => {
    const client = new SQSClient({ ...running.settings, useQueueUrlAsEndpoint: false });
    const QueueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/Main-Queue";
    const { MessageId } = await client.send(new SendMessageCommand({ QueueUrl, MessageBody: "x", DelaySeconds: 900 }));
    expect(MessageId).toBeDefined();
  });

  it("names an unsupported service", async ({ expect }) => {
    const accessKeys = new AccessKeys();
    const { accessKeyId, secretAccessKey } = accessKeys.issue({ kind: "operator" });
    const gateway = await Gateway.open({ accessKeys, aheadMs: () => 0, services: {} });
    const client = new DynamoDBClient({
      ...running.settings,
      endpoint: gateway.endpoint,
      credentials: { accessKeyId, secretAccessKey },
    });
    await expect(client.send(new ListTablesCommand())).rejects.toThrow('no service "dynamodb"');
    client.destroy();
    await gateway.close();
  });

  it("shows interceptors the call and its caller, and lets them answer", async ({ expect }) => {
    const accessKeys = new AccessKeys();
    const caller = { kind: "function", functionName: "f", roleArn: "arn:role" } as const;
    const seen: Call[] = [];
    const gateway = await Gateway.open({
      accessKeys,
      aheadMs: () => 0,
      services: {},
      interceptors: [
        (call, _, next) => {
          seen.push(call);
          return next();
        },
        async () => ({ status: 200, headers: {}, body: '{"MessageId":"1"}' }),
      ],
    });
    const client = new SQSClient({
      ...running.settings,
      endpoint: gateway.endpoint,
      credentials: accessKeys.issue(caller),
      useQueueUrlAsEndpoint: false,
      md5: false,
    });
    await client.send(new SendMessageCommand({ QueueUrl: "http://x/000000000000/q", MessageBody: "x" }));
    client.destroy();
    await gateway.close();
    expect(seen).toEqual([
      { service: "sqs", action: "SendMessage", resource: "arn:aws:sqs:us-east-1:000000000000:q", caller },
    ]);
  });

  it.for<[string, string, string, string | undefined]>([
    ["GET", "/", "ListBuckets", undefined],
    ["PUT", "/b", "CreateBucket", "arn:aws:s3:::b"],
    ["GET", "/b?list-type=2", "ListObjects", "arn:aws:s3:::b"],
    ["PUT", "/b/k%20x/y?x-id=PutObject", "PutObject", "arn:aws:s3:::b/k x/y"],
    ["PUT", "/b/k?partNumber=1&uploadId=2", "UploadPart", "arn:aws:s3:::b/k"],
    ["HEAD", "/b/k", "HeadObject", "arn:aws:s3:::b/k"],
    ["DELETE", "/b/k", "DeleteObject", "arn:aws:s3:::b/k"],
    ["POST", "/b?delete", "DeleteObjects", "arn:aws:s3:::b"],
  ])("reads %s %s as %s", ([method, url, action, resource], { expect }) => {
    const request = { method, url, headers: {}, body: Buffer.alloc(0), signal: new AbortController().signal };
    const caller = { kind: "operator" } as const;
    expect(callOf("s3", request, caller)).toEqual({ service: "s3", action, resource, caller });
  });
});
