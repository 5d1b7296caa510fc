import { BatchGetItemCommand, BatchWriteItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { GetScheduleCommand } from "@aws-sdk/client-scheduler";
import { GetSecretValueCommand } from "@aws-sdk/client-secrets-manager";
import { SendMessageBatchCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, it } from "vitest";
import { Faults } from "../../local/gateway/faults.ts";
import { aFaultyGateway } from "./support/a-faulty-gateway.ts";

type Clients = ReturnType<Awaited<ReturnType<typeof aFaultyGateway>>["ofFunction"]>;

const QUEUE = "https://sqs.us-east-1.amazonaws.com/000000000000/q";

const put = ({ dynamodb }: Clients, id = "1") =>
  dynamodb.send(new PutItemCommand({ TableName: "t", Item: { id: { S: id } } }));
const send = ({ sqs }: Clients, others: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl: QUEUE, MessageBody: "x", ...others }));

const calls: Record<string, (clients: Clients) => Promise<unknown>> = {
  dynamodb: put,
  sqs: send,
  s3: ({ s3 }) => s3.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: "x" })),
  scheduler: ({ scheduler }) => scheduler.send(new GetScheduleCommand({ Name: "s" })),
  secretsmanager: ({ secrets }) => secrets.send(new GetSecretValueCommand({ SecretId: "s" })),
};

interface Refusal extends Error {
  $metadata: { httpStatusCode?: number };
}

/** `400 ThrottlingException` */
const refusal = async (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "none",
    ({ name, $metadata }: Refusal) => `${$metadata.httpStatusCode} ${name}`,
  );

describe("a call of a function", () => {
  it.for<[string, string[]]>([
    ["dynamodb", ["400 ProvisionedThroughputExceededException", "400 ThrottlingException"]],
    ["sqs", ["400 ThrottlingException", "403 RequestThrottled"]],
    ["s3", ["503 SlowDown"]],
    ["scheduler", ["429 ThrottlingException"]],
    ["secretsmanager", ["400 ThrottlingException"]],
  ])("is throttled in the words of %s", async ([service, expected], { expect }) => {
    await using it = await aFaultyGateway({ seed: 1, throttled: 1 });
    const clients = it.ofFunction();
    const seen = new Set<string>();
    for (let n = 0; n < 20; n += 1) seen.add(await refusal(calls[service]?.(clients) as Promise<unknown>));
    expect([...seen].sort()).toEqual(expected);
    expect(it.effects).toEqual([]);
  });

  it.for([
    ["dynamodb", "500 InternalServerError"],
    ["sqs", "500 InternalFailure"],
    ["s3", "500 InternalError"],
    ["scheduler", "500 InternalServerException"],
    ["secretsmanager", "500 InternalServiceError"],
  ])("fails in the words of %s", async ([service = "", expected], { expect }) => {
    await using it = await aFaultyGateway({ seed: 1, failed: 1 });
    expect(await refusal(calls[service]?.(it.ofFunction()) as Promise<unknown>)).toBe(expected);
    expect(it.effects).toEqual([]);
  });

  it("loses its connection before its effect", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, cutBefore: 1 });
    await expect(put(it.ofFunction())).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(it.effects).toEqual([]);
  });

  it("loses its connection after its effect", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, cutAfter: 1 });
    await expect(put(it.ofFunction())).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(it.effects).toMatchObject([{ call: "dynamodb:PutItem" }]);
  });

  it("gets no answer in time, whether or not it took effect", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, timedOut: 1, holdMs: 60_000 });
    const hasty = it.ofFunction("f", { requestTimeout: 30, throwOnRequestTimeout: true });
    for (let n = 0; n < 10; n += 1) await expect(put(hasty)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(it.effects.length).toBeGreaterThan(0);
    expect(it.effects.length).toBeLessThan(10);
    expect(it.faults.injected.filter((fault) => fault.startsWith("timedOut after"))).toHaveLength(it.effects.length);
  });

  it("is held no longer than planned", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, timedOut: 1, holdMs: 50 });
    const begin = performance.now();
    await expect(put(it.ofFunction())).rejects.toMatchObject({ code: "ECONNRESET" });
    expect(performance.now() - begin).toBeGreaterThan(45);
  });

  it("returns some items unprocessed, and processes others", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, unprocessed: 1 });
    const { dynamodb } = it.ofFunction();
    const items = (table: string) => [1, 2, 3].map((n) => ({ PutRequest: { Item: { id: { S: `${table}${n}` } } } }));
    for (let n = 0; n < 10; n += 1) {
      const RequestItems = { a: items("a"), b: items("b") };
      const { UnprocessedItems = {} } = await dynamodb.send(new BatchWriteItemCommand({ RequestItems }));
      const done = it.effects.at(-1)?.parameters["RequestItems"] as typeof UnprocessedItems;
      const all = [done, UnprocessedItems].map((it) => Object.values(it).flat());
      expect(Math.min(...all.map(({ length }) => length))).toBeGreaterThan(0);
      expect(new Set(all.flat().map((request) => request?.PutRequest?.Item?.["id"]?.S))).toEqual(
        new Set(["a1", "a2", "a3", "b1", "b2", "b3"]),
      );
    }
  });

  it("returns some keys unprocessed", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, unprocessed: 1 });
    const { dynamodb } = it.ofFunction();
    const Keys = ["1", "2"].map((id) => ({ id: { S: id } }));
    const RequestItems = { t: { Keys, ConsistentRead: true } };
    const { UnprocessedKeys } = await dynamodb.send(new BatchGetItemCommand({ RequestItems }));
    const asked = it.effects[0]?.parameters["RequestItems"];
    expect([asked, UnprocessedKeys]).toEqual(
      expect.arrayContaining(Keys.map((key) => ({ t: { Keys: [key], ConsistentRead: true } }))),
    );
    const one = await dynamodb.send(new BatchGetItemCommand({ RequestItems: { t: { Keys: Keys.slice(1) } } }));
    expect(one.UnprocessedKeys).toBeUndefined();
  });
});

describe("a message", () => {
  const delays = (effects: { parameters: Record<string, unknown> }[]) =>
    effects.map(({ parameters }) => parameters["DelaySeconds"] ?? 0);

  it("is sent twice, the copy no earlier than the original", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, twice: 1, lateSeconds: 2 });
    for (let n = 0; n < 20; n += 1) await send(it.ofFunction(), { DelaySeconds: 5 });
    expect(it.effects).toHaveLength(40);
    expect([...new Set(delays(it.effects))].sort()).toEqual([5, 6, 7]);
  });

  it("is late, within the limit of SQS", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, late: 1, lateSeconds: 2 });
    for (let n = 0; n < 20; n += 1) await send(it.ofFunction());
    await send(it.ofFunction(), { DelaySeconds: 900 });
    expect([...new Set(delays(it.effects))].sort()).toEqual([1, 2, 900]);
  });

  it("of a batch is late too", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, late: 1, twice: 1, lateSeconds: 1 });
    const Entries = [{ Id: "1", MessageBody: "x", DelaySeconds: 3 }];
    await it.ofFunction().sqs.send(new SendMessageBatchCommand({ QueueUrl: QUEUE, Entries }));
    expect(it.effects).toHaveLength(2);
    expect(it.effects[0]?.parameters["Entries"]).toMatchObject([{ DelaySeconds: 4 }]);
  });

  it("to a FIFO queue arrives once and in time", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, twice: 1, late: 1 });
    await send(it.ofFunction(), { QueueUrl: `${QUEUE}.fifo`, MessageGroupId: "g", MessageDeduplicationId: "1" });
    expect(delays(it.effects)).toEqual([0]);
  });

  it("of a schedule is sent twice too, but a service's other calls succeed", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, twice: 1, failed: 1 });
    const scheduler = it.as({ kind: "service", service: "scheduler.amazonaws.com", roleArn: "arn:role" });
    await send(scheduler);
    expect(it.effects).toHaveLength(2);
  });
});

describe("faults", () => {
  const plan = { throttled: 0.1, failed: 0.1, cutBefore: 0.1, cutAfter: 0.1 };

  const injected = async (
    seed: number,
    disturb?: (it: Awaited<ReturnType<typeof aFaultyGateway>>) => Promise<unknown>,
  ) => {
    await using it = await aFaultyGateway({ seed, ...plan });
    const clients = it.ofFunction();
    for (let n = 0; n < 40; n += 1) {
      await put(clients).catch(() => {});
      await disturb?.(it);
    }
    return it.faults.injected.filter((fault) => fault.includes(" f dynamodb"));
  };

  it("are the same for the same seed, whatever runs beside", async ({ expect }) => {
    const first = await injected(7);
    expect(first.length).toBeGreaterThan(5);
    expect(first[0]).toMatch(/^(throttled|failed|cutBefore|cutAfter) f dynamodb:PutItem #\d+$/);
    expect(await injected(7, (it) => put(it.ofFunction("g")).catch(() => {}))).toEqual(first);
    expect(await injected(8)).not.toEqual(first);
  });

  it("are about as many as planned", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 3, throttled: 0.3 });
    const clients = it.ofFunction();
    for (let n = 0; n < 300; n += 1) await put(clients).catch(() => {});
    expect(it.faults.injected.length).toBeGreaterThan(60);
    expect(it.faults.injected.length).toBeLessThan(120);
  });

  it("do not hit calls without a rate, of the operator, of Lambda's polling, or of other functions", async ({
    expect,
  }) => {
    await using quiet = await aFaultyGateway({ seed: 1 });
    for (const call of Object.values(calls)) await call(quiet.ofFunction());
    expect(quiet.faults.injected).toEqual([]);
    await using it = await aFaultyGateway({ seed: 1, failed: 1, twice: 1, functions: /^g$/ });
    await put(it.ofFunction("f"));
    await put(it.as({ kind: "operator" }, "session"));
    await put(it.as({ kind: "function", functionName: "g", roleArn: "arn:role" }));
    await expect(put(it.ofFunction("g"))).rejects.toThrow();
    expect(it.faults.injected).toHaveLength(1);
  });

  it("end when they are stopped", async ({ expect }) => {
    await using it = await aFaultyGateway({ seed: 1, failed: 1, twice: 1 });
    await expect(put(it.ofFunction())).rejects.toThrow();
    it.faults.stop();
    await put(it.ofFunction());
    await send(it.ofFunction());
    expect(it.effects).toHaveLength(2);
  });

  it("are refused for an invalid rate", ({ expect }) => {
    expect(() => new Faults({ seed: 1, killed: 10 })).toThrow("killed must be from 0 to 1, not 10");
    expect(() => new Faults({ seed: 1, throttled: 0.6, cutAfter: 0.5 })).toThrow(RangeError);
  });
});
