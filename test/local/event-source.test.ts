import {
  ChangeMessageVisibilityCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from "@aws-sdk/client-sqs";
import { describe, it } from "vitest";
import { until } from "../../harness/until.ts";
import { aFunction, aMapping, aQueue } from "./support/an-assembly.ts";
import { runCloud } from "./support/run-cloud.ts";

type Running = Awaited<ReturnType<typeof runCloud>>;

interface Options {
  queue?: Record<string, unknown>;
  mapping?: Record<string, unknown>;
}

const runMapping = (code: string, { queue = {}, mapping = {} }: Options = {}) =>
  runCloud({
    resources: {
      Dead: aQueue(queue["FifoQueue"] === true ? { FifoQueue: true } : {}),
      Queue: aQueue({ VisibilityTimeout: 10, ...queue }),
      F: aFunction("f", { Timeout: 5 }),
      Mapping: aMapping("Queue", "F", mapping),
    },
    code: { f: code },
  });

const send = (it: Running, MessageBody: string, others: Record<string, unknown> = {}) =>
  it.sqs.send(new SendMessageCommand({ QueueUrl: it.ref("Queue"), MessageBody, ...others }));

async function waiting(it: Running, queue = "Queue"): Promise<number> {
  const AttributeNames = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"] as const;
  const { Attributes = {} } = await it.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: it.ref(queue), AttributeNames: [...AttributeNames] }),
  );
  return AttributeNames.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

const untilEmpty = (it: Running) =>
  until(
    () => waiting(it),
    (count) => count === 0,
  );

/** Makes a message visible that a function has written with its receipt handle: nobody waits for the timeout. */
async function show(it: Running, body: string): Promise<void> {
  const line = await until(
    () => it.lines.find((each) => each.startsWith(`${body} `)) ?? "",
    (found) => found !== "",
  );
  const [, ReceiptHandle] = line.split(" ");
  await it.sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl: it.ref("Queue"), ReceiptHandle, VisibilityTimeout: 0 }),
  );
}

describe("an event source mapping", () => {
  it("delivers messages in AWS's format, and deletes them", async ({ expect }) => {
    await using it = await runMapping("export const handler = async (event) => { console.log(JSON.stringify(event)) }");
    const MessageAttributes = { colour: { DataType: "String", StringValue: "red" } };
    const { MessageId } = await send(it, "hello", { MessageAttributes });
    await untilEmpty(it);
    expect(JSON.parse(it.lines[0] ?? "")).toEqual({
      Records: [
        {
          messageId: MessageId,
          receiptHandle: expect.any(String),
          body: "hello",
          attributes: expect.objectContaining({ ApproximateReceiveCount: "1", SentTimestamp: expect.any(String) }),
          messageAttributes: {
            colour: { stringValue: "red", dataType: "String", stringListValues: [], binaryListValues: [] },
          },
          md5OfBody: "5d41402abc4b2a76b9719d911017c592",
          eventSource: "aws:sqs",
          eventSourceARN: "arn:aws:sqs:us-east-1:000000000000:Main-Queue",
          awsRegion: "us-east-1",
        },
      ],
    });
  });

  it("keeps batches within their size", async ({ expect }) => {
    await using it = await runMapping("export const handler = async ({ Records }) => { console.log(Records.length) }", {
      mapping: { BatchSize: 3 },
    });
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: String(index) }));
    await it.sqs.send(new SendMessageBatchCommand({ QueueUrl: it.ref("Queue"), Entries }));
    await untilEmpty(it);
    expect(it.lines.reduce((sum, line) => sum + Number(line), 0)).toBe(10);
    expect(Math.max(...it.lines.map(Number))).toBeLessThanOrEqual(3);
  });

  it("returns only messages that were reported as failed", async ({ expect }) => {
    await using it = await runMapping(
      `export const handler = async ({ Records }) => {
         for (const { body, receiptHandle } of Records) console.log(body, receiptHandle);
         return { batchItemFailures: Records.filter(({ body, attributes }) => body === "bad" && attributes.ApproximateReceiveCount === "1")
           .map(({ messageId }) => ({ itemIdentifier: messageId })) };
       }`,
      { mapping: { FunctionResponseTypes: ["ReportBatchItemFailures"] } },
    );
    const Entries = ["good", "bad"].map((MessageBody, index) => ({ Id: String(index), MessageBody }));
    await it.sqs.send(new SendMessageBatchCommand({ QueueUrl: it.ref("Queue"), Entries }));
    await until(
      async () => [it.lines.length, await waiting(it)],
      ([seen, left]) => seen === 2 && left === 1,
    );
    await show(it, "bad");
    await untilEmpty(it);
    expect(it.lines.map((line) => line.split(" ")[0]).sort()).toEqual(["bad", "bad", "good"]);
  });

  it("returns the whole batch after a failure of the function, and redrives messages that fail too often", async ({
    expect,
  }) => {
    await using it = await runMapping(
      `export const handler = async ({ Records: [{ body, receiptHandle }] }) => {
         console.log(body, receiptHandle);
         throw new Error("no");
       }`,
      { queue: { RedrivePolicy: { deadLetterTargetArn: { "Fn::GetAtt": ["Dead", "Arn"] }, maxReceiveCount: 1 } } },
    );
    await send(it, "poison");
    await until(
      () => [it.lines.length, it.cloud.environments(/./).filter(({ state }) => state === "running").length],
      ([seen = 0, running]) => seen > 0 && running === 0,
    );
    await show(it, "poison");
    const { Messages = [] } = await it.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: it.ref("Dead"), WaitTimeSeconds: 15 }),
    );
    expect(Messages.map(({ Body }) => Body)).toEqual(["poison"]);
    expect(it.lines.filter((line) => line.startsWith("poison"))).toHaveLength(1);
  });

  it("never exceeds MaximumConcurrency", async ({ expect }) => {
    await using it = await runMapping(
      `export const handler = async () => {
         console.log("start"); await new Promise((resolve) => setTimeout(resolve, 150)); console.log("end");
       }`,
      { mapping: { BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } } },
    );
    const Entries = Array.from({ length: 10 }, (_, index) => ({ Id: String(index), MessageBody: String(index) }));
    await it.sqs.send(new SendMessageBatchCommand({ QueueUrl: it.ref("Queue"), Entries }));
    await untilEmpty(it);
    let running = 0;
    let most = 0;
    for (const line of it.lines) {
      running += line === "start" ? 1 : -1;
      most = Math.max(most, running);
    }
    expect(it.lines).toHaveLength(20);
    expect(most).toBe(2);
  });

  it("delivers the messages of a group in order, one at a time", async ({ expect }) => {
    await using it = await runMapping(
      `export const handler = async ({ Records }) => {
         for (const { body } of Records) { console.log("start " + body); await new Promise((resolve) => setTimeout(resolve, 20)); console.log("end " + body); }
       }`,
      { queue: { FifoQueue: true, ContentBasedDeduplication: true }, mapping: { BatchSize: 1 } },
    );
    const bodies = ["1", "2", "3", "4", "5"];
    for (const body of bodies) await send(it, body, { MessageGroupId: "g" });
    await untilEmpty(it);
    expect(it.lines).toEqual(bodies.flatMap((body) => [`start ${body}`, `end ${body}`]));
  });

  it("is refused if the function's timeout exceeds the visibility timeout", async ({ expect }) => {
    const running = runMapping("", { queue: { VisibilityTimeout: 4 } });
    await expect(running).rejects.toThrow(/Main\/Mapping .*4 seconds is less than Function timeout: 5 seconds/);
  });

  it("survives the deletion of its queue, and reports it once", async ({ expect }) => {
    await using it = await runMapping("export const handler = async ({ Records }) => { console.log(Records[0].body) }");
    const { DeleteQueueCommand, CreateQueueCommand } = await import("@aws-sdk/client-sqs");
    await it.sqs.send(new DeleteQueueCommand({ QueueUrl: it.ref("Queue") }));
    await until(
      () => it.lines,
      (lines) => lines.some((line) => line.includes("cannot receive")),
    );
    await it.sqs.send(new CreateQueueCommand({ QueueName: "Main-Queue" }));
    await send(it, "back");
    await until(
      () => it.lines,
      (lines) => lines.includes("back"),
    );
    expect(it.lines.filter((line) => line.includes("cannot receive"))).toHaveLength(1);
  });
});
