import { existsSync, readFileSync } from "node:fs";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import { describe, it } from "vitest";
import { until } from "../../harness/until.ts";
import type { CloudOptions } from "../../local/cloud.ts";
import { aFunction, aMapping, anApi, aQueue, aTable } from "./support/an-assembly.ts";
import { runCloud } from "./support/run-cloud.ts";

/** Code that writes two items in turn, and returns its process id. With `/refused` a write fails before. */
const writes = `
  import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
  const client = new DynamoDBClient({ maxAttempts: 1 });
  const put = (id, more) => client.send(new PutItemCommand({ TableName: "items", Item: { id: { S: id } }, ...more }));
  export const handler = async ({ rawPath }) => {
    if (rawPath === "/refused") await put("zero", { ConditionExpression: "attribute_exists(id)" }).catch(() => {});
    await put("first");
    console.log("knows of the first");
    await put("second");
    console.log("knows of the second");
    await new Promise((resolve) => setTimeout(resolve, rawPath === "/slow" ? 5_000 : 100));
    console.log("is through");
    return process.pid;
  };`;

const runWriter = (options: Partial<CloudOptions> = {}) =>
  runCloud(
    {
      resources: { F: aFunction("f"), T: aTable({ TableName: "items" }), ...anApi("F", "$default") },
      code: { f: writes },
    },
    options,
  );

type Running = Awaited<ReturnType<typeof runCloud>>;

async function items(it: Running): Promise<string[]> {
  const { Items = [] } = await it.dynamodb.send(new ScanCommand({ TableName: "items" }));
  return Items.map(({ id }) => id?.S ?? "").sort();
}

async function call(it: Running, path = "/"): Promise<string> {
  const response = await fetch(it.cloud.apiEndpoint + path);
  return `${response.status} ${await response.text()}`;
}

const CRASHED = '500 {"message":"Internal Server Error"}';

const known = ({ lines }: Running) => lines.filter((line) => /^(knows|is)/.test(line));

function isAlive(pid: number): boolean {
  const status = `/proc/${pid}/stat`;
  return existsSync(status) && !/\) Z/.test(readFileSync(status, "utf-8"));
}

describe("a function that is killed", () => {
  const put = { service: "dynamodb", action: "PutItem" };

  it.for([
    { name: "before the first write", moment: "before_effect", at: put, done: [], knows: [] },
    { name: "after the first write", moment: "before_response", at: put, done: ["first"], knows: [] },
    {
      name: "before the second write",
      moment: "before_effect",
      at: { ...put, count: 2 },
      done: ["first"],
      knows: ["knows of the first"],
    },
    {
      name: "after the second write",
      moment: "before_response",
      at: { service: "dynamodb", count: 2 },
      done: ["first", "second"],
      knows: ["knows of the first"],
    },
  ] as const)("$name has done and knows no more than that", async ({ moment, at, done, knows }, { expect }) => {
    await using it = await runWriter();
    const killed = it.cloud.faults.killOnce({ functionName: /^f$/, call: at, moment });
    expect(await call(it)).toBe(CRASHED);
    expect(await killed).toMatch(/^f (before|after) the effect of dynamodb:PutItem$/);
    expect(await items(it)).toEqual(done);
    expect(known(it)).toEqual(knows);
    expect(it.lines.join("\n")).toContain("Runtime exited with error: signal: killed");
    expect(it.cloud.faults.injected).toEqual([`killed ${await killed}`]);
    expect(await call(it)).toMatch(/^200 \d+$/);
    expect(await items(it)).toEqual(["first", "second"]);
  });

  it("after the response of a call has the answer, but does not complete", async ({ expect }) => {
    await using it = await runWriter();
    const before = await call(it);
    const at = { ...put, count: 2 };
    void it.cloud.faults.killOnce({ functionName: /f/, call: at, moment: "after_response", delayMs: 40 });
    it.lines.length = 0;
    expect(await call(it)).toBe(CRASHED);
    expect(known(it)).toEqual(["knows of the first", "knows of the second"]);
    const after = await call(it);
    expect(after).toMatch(/^200 \d+$/);
    expect(after).not.toBe(before);
  });

  it("after a write has its effect; a refused one does not count", async ({ expect }) => {
    await using it = await runWriter();
    void it.cloud.faults.killOnce({ functionName: /^f$/, call: put });
    expect(await call(it, "/refused")).toBe(CRASHED);
    expect(await items(it)).toEqual(["first"]);
    expect(known(it)).toEqual([]);
  });

  it("from its beginning does nothing; other invocations survive, also after the end of fault injection", async ({
    expect,
  }) => {
    await using it = await runWriter();
    void it.cloud.faults.killOnce({ functionName: /^g$/ });
    void it.cloud.faults.killOnce({ functionName: /^f$/, call: { action: "GetItem" } });
    expect(await call(it)).toMatch(/^200/);
    void it.cloud.faults.killOnce({ functionName: /^f$/ });
    expect(await call(it)).toBe(CRASHED);
    void it.cloud.faults.killOnce({ functionName: /^f$/ });
    it.cloud.faults.stop();
    expect(await call(it)).toMatch(/^200/);
    expect(it.cloud.faults.injected).toHaveLength(1);
  });

  it("at random is killed by the seed, at a call or at a time", async ({ expect }) => {
    const run = async () => {
      await using it = await runWriter({ faults: { seed: 5, killed: 0.7, killWithinMs: 1 } });
      const answers: string[] = [];
      for (let n = 0; n < 5; n += 1) answers.push((await call(it)).slice(0, 3));
      return { answers, injected: it.cloud.faults.injected };
    };
    const { answers, injected } = await run();
    expect(injected.length).toBeGreaterThan(0);
    expect(answers.filter((status) => status === "500")).toHaveLength(injected.length);
    expect((await run()).injected).toEqual(injected);
  });

  it("from outside, by its process group, fails its event; the next event gets another environment", async ({
    expect,
  }) => {
    await using it = await runWriter();
    expect(it.cloud.environments(/^f$/)).toEqual([]);
    const pid = Number((await call(it)).slice("200 ".length));
    expect(it.cloud.environments(/^f$/)).toEqual([{ functionName: "f", pid, state: "frozen" }]);
    expect(it.cloud.environments(/^g$/)).toEqual([]);
    it.lines.length = 0;
    const answer = call(it, "/slow");
    await until(
      () => known(it),
      (lines) => lines.length === 2,
    );
    expect(it.cloud.environments(/f/)).toEqual([{ functionName: "f", pid, state: "running" }]);
    process.kill(-pid, "SIGKILL");
    expect(await answer).toBe(CRASHED);
    expect(isAlive(pid)).toBe(false);
    expect(it.cloud.environments(/f/)).toEqual([]);
    expect(Number((await call(it)).slice("200 ".length))).not.toBe(pid);
  });
});

describe("a function that a queue feeds", () => {
  const reader =
    "export const handler = async ({ Records: [it] }) => { console.log(it.body, it.attributes.ApproximateReceiveCount) }";
  const sender = `
    import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
    const client = new SQSClient({ useQueueUrlAsEndpoint: false });
    const QueueUrl = "https://sqs.us-east-1.amazonaws.com/000000000000/jobs";
    export const handler = () => client.send(new SendMessageCommand({ QueueUrl, MessageBody: "job" }));`;
  const resources = {
    Queue: aQueue({ QueueName: "jobs", VisibilityTimeout: 2 }),
    Reader: aFunction("reader", { Timeout: 2 }),
    Sender: aFunction("sender"),
    Mapping: aMapping("Queue", "Reader", { BatchSize: 1 }),
    ...anApi("Sender", "$default"),
  };
  const code = { reader, sender };

  it("receives the message again after its visibility timeout when it was killed", async ({ expect }) => {
    await using it = await runCloud({ resources, code });
    void it.cloud.faults.killOnce({ functionName: /^reader$/ });
    await it.sqs.send(new SendMessageCommand({ QueueUrl: it.ref("Queue"), MessageBody: "job" }));
    await until(
      () => it.lines.filter((line) => line.startsWith("job")),
      (lines) => lines.length > 0,
    );
    expect(it.lines).toContain("job 2");
  });

  it("receives it again sooner if planned", async ({ expect }) => {
    const slow = { ...resources, Queue: aQueue({ QueueName: "jobs", VisibilityTimeout: 900 }) };
    await using it = await runCloud({ resources: slow, code }, { faults: { seed: 1, visibleAgainSeconds: 1 } });
    void it.cloud.faults.killOnce({ functionName: /^reader$/ });
    expect(await call(it)).toMatch(/^200/);
    await until(
      () => it.lines,
      (lines) => lines.includes("job 2"),
    );
  });

  it("receives a message twice, as two messages that were received once", async ({ expect }) => {
    await using it = await runCloud({ resources, code }, { faults: { seed: 1, twice: 1, lateSeconds: 1 } });
    expect(await call(it)).toMatch(/^200/);
    await until(
      () => it.lines,
      (lines) => lines.length >= 2,
    );
    expect(it.lines).toEqual(["job 1", "job 1"]);
  });
});
