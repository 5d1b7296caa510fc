import { DescribeTableCommand, PutItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetQueueAttributesCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, it } from "vitest";
import { until } from "../../harness/until.ts";
import { reasonToSkip } from "../support/java.ts";
import { aFunction, aMapping, anApi, aQueue, aTable } from "./support/an-assembly.ts";
import { runCloud } from "./support/run-cloud.ts";

const say = (text: string) => `export const handler = async () => "${text}"`;
const text = async (endpoint: string, path = "/") => (await fetch(endpoint + path)).text();

const indexed = (name: string) =>
  aTable({
    AttributeDefinitions: ["id", name].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
    GlobalSecondaryIndexes: [
      {
        IndexName: name,
        KeySchema: [{ AttributeName: name, KeyType: "HASH" }],
        Projection: { ProjectionType: "KEYS_ONLY" },
      },
    ],
  });

describe("an update", () => {
  it("runs new events on new code, while running ones end on the old code", async ({ expect }) => {
    const slow = `export const handler = async () => { console.log("began"); await new Promise((resolve) => setTimeout(resolve, 500)); return "old" }`;
    const api = anApi("F", "$default");
    await using it = await runCloud({ resources: { F: aFunction("f", {}, "one"), ...api }, code: { one: slow } });
    const old = text(it.cloud.apiEndpoint);
    await until(
      () => it.lines,
      (lines) => lines.length > 0,
    );
    await it.update({ resources: { F: aFunction("f", {}, "two"), ...api }, code: { two: say("new") } });
    expect(await text(it.cloud.apiEndpoint)).toBe("new");
    expect(await old).toBe("old");
    expect(await text(it.cloud.apiEndpoint)).toBe("new");
  });

  it("runs new events with a changed environment", async ({ expect }) => {
    const code = { f: "export const handler = async () => process.env.X" };
    const resources = (X: string) => ({
      F: aFunction("f", { Environment: { Variables: { X } } }),
      ...anApi("F", "$default"),
    });
    await using it = await runCloud({ resources: resources("1"), code });
    expect(await text(it.cloud.apiEndpoint)).toBe("1");
    await it.update({ resources: resources("2"), code });
    expect(await text(it.cloud.apiEndpoint)).toBe("2");
  });

  it("adds a function with its queue, and removes them", async ({ expect }) => {
    const one = { F: aFunction("f"), ...anApi("F", "GET /f") };
    const hear = "export const handler = async ({ Records }) => { console.log(Records[0].body) }";
    const two = { ...one, Queue: aQueue(), G: aFunction("g"), Mapping: aMapping("Queue", "G") };
    await using it = await runCloud({ resources: one, code: { f: say("f") } });
    await it.update({ resources: two, code: { f: say("f"), g: hear } });
    const queueUrl = it.ref("Queue");
    await it.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: "hello" }));
    await until(
      () => it.lines,
      (lines) => lines.includes("hello"),
    );
    await it.update({ resources: one, code: { f: say("f") } });
    expect(it.cloud.physicalId("Main", "Queue")).toBeUndefined();
    await expect(it.sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl }))).rejects.toThrow("does not exist");
    expect(await text(it.cloud.apiEndpoint, "/f")).toBe("f");
  });

  it("changes a queue in place", async ({ expect }) => {
    const resources = (VisibilityTimeout: number) => ({ Queue: aQueue({ VisibilityTimeout }) });
    await using it = await runCloud({ resources: resources(5) });
    await it.sqs.send(new SendMessageCommand({ QueueUrl: it.ref("Queue"), MessageBody: "kept" }));
    await it.update({ resources: resources(7) });
    const { Attributes } = await it.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: it.ref("Queue"), AttributeNames: ["All"] }),
    );
    expect(Attributes).toMatchObject({ VisibilityTimeout: "7", ApproximateNumberOfMessages: "1" });
  });

  it.skipIf(reasonToSkip("local"))("changes the indexes of a table in place, on local", async ({ expect }) => {
    await using it = await runCloud({ resources: { Table: indexed("one") } }, { dynamodb: "local" });
    const TableName = it.ref("Table");
    await it.dynamodb.send(new PutItemCommand({ TableName, Item: { id: { S: "1" }, two: { S: "x" } } }));
    await it.update({ resources: { Table: indexed("two") } });
    expect((await it.dynamodb.send(new ScanCommand({ TableName, IndexName: "two" }))).Count).toBe(1);
    const { Table } = await it.dynamodb.send(new DescribeTableCommand({ TableName }));
    expect(Table?.GlobalSecondaryIndexes?.map(({ IndexName }) => IndexName)).toEqual(["two"]);
  });

  it("of a table's indexes is refused on dynalite, which would ignore the change", async ({ expect }) => {
    await using it = await runCloud({ resources: { Table: indexed("one") } });
    await expect(it.update({ resources: { Table: indexed("two") } })).rejects.toThrow(
      "dynalite cannot change the indexes",
    );
  });

  it("that fails keeps the old version running, and names the error", async ({ expect }) => {
    const resources = { F: aFunction("f"), ...anApi("F", "$default") };
    await using it = await runCloud({ resources, code: { f: say("f") } });
    const wrong = { ...resources, Topic: { Type: "AWS::SNS::Topic" } };
    await expect(it.update({ resources: wrong, code: { f: say("other") } })).rejects.toThrow("Main/Topic");
    expect(await text(it.cloud.apiEndpoint)).toBe("f");
  });
});
