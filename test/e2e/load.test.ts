import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";
import { reasonToSkip } from "../support/java.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "epoque-many-"));
});
afterAll(() => rm(folder, { recursive: true }));

const linesOf = async (file: string) => (await readFile(file, "utf-8")).trim().split("\n");

// Where it can be, on DynamoDB Local, which writes at the same time as AWS does: dynalite is in this process.
const dynamodb = reasonToSkip("local") === undefined ? "local" : "dynalite";

describe(`on ${dynamodb}`, () => {
  let running: RunningCloud;
  beforeAll(async () => {
    running = await aCloud({ dynamodb });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  it("100 executions at once all end, each attempt once, and no queue keeps anything", async () => {
    const { calls } = running;
    const file = join(folder, `${dynamodb}.txt`);
    const names = Array.from({ length: 100 }, (_, n) => `n${n}`);
    const ids = await Promise.all(names.map((name) => calls.enqueue("tally", [file, name])));
    const ends = await Promise.all(ids.map((id) => calls.ended(id, 100_000)));

    expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(["succeed"]));
    expect(new Set(ends.map(({ attempt }) => attempt))).toEqual(new Set([1]));
    expect((await linesOf(file)).map((line) => line.split(" ")[0]).sort()).toEqual([...names].sort());
    const attemptsOf = async (id: string) =>
      ((await calls.send("GET", `/${id}/attempts`)) as { data: { state: string }[] }).data.map(({ state }) => state);
    expect(await Promise.all(ids.map(attemptsOf))).toEqual(ids.map(() => ["succeed"]));
    // A message is deleted after the execution has ended.
    expect(await until(running.messages, (counts) => Object.keys(counts).length === 0)).toEqual({});
  });

  it("a function with concurrency 1 runs one by one, in order of arrival and of due time, while others are busy", async () => {
    const { calls } = running;
    const file = join(folder, `${dynamodb}-in-order.txt`);
    const soon = new Date(Date.now() + 2_000).toISOString();
    const others = Array.from({ length: 10 }, (_, n) => ["tally", "twoAtMost", "echo"][n % 3] ?? "");
    const busy = Promise.all(others.map((name) => calls.enqueue(name, [`${file}-others`, 300])));
    const delayed = await calls.enqueue("inOrder", [file, "delayed"], { schedule_for: soon });
    const ids = [];
    for (let n = 0; n < 10; n++) ids.push(await calls.enqueue("inOrder", [file, `n${n}`]));
    const ends: Record<string, unknown>[] = [];
    for (const id of [...ids, delayed]) ends.push(await calls.ended(id));
    expect(new Set(ends.map(({ state }) => state))).toEqual(new Set(["succeed"]));
    for (const id of await busy) await calls.ended(id);
    // Due last, unless this machine took seconds to enqueue the others; within a second it depends on who gets there
    // first.
    const before = ids.filter(
      (_, n) => Date.parse(String(ends[n]?.["scheduled_at"])) < Date.parse(soon) - 1_000,
    ).length;
    const names = ids.map((_, n) => `n${n}`);
    const lines = await linesOf(file);
    expect(lines.filter((line) => !line.endsWith("delayed"))).toEqual(
      names.flatMap((name) => [`begin ${name}`, `end ${name}`]),
    );
    const place = lines.indexOf("begin delayed");
    expect(lines[place + 1]).toBe("end delayed");
    expect(place).toBeGreaterThanOrEqual(2 * before);
    expect(await until(running.messages, (counts) => Object.keys(counts).length === 0)).toEqual({});
  });

  it("writes metadata postings before the record, and what the sweep and the lists will look for", async () => {
    const id = await running.calls.enqueue("tally", [join(folder, "postings.txt"), "x"], {
      metadata: { user: "1", plan: "pro" },
    });
    await running.calls.ended(id);
    const table = running.cloud.resources.find(({ logicalId }) => logicalId.includes("Executions"));
    const { Items = [] } = await running.dynamodb.send(
      new ScanCommand({
        TableName: table?.physicalId,
        FilterExpression: "id = :id",
        ExpressionAttributeValues: { ":id": { S: id } },
      }),
    );
    const byKind = Object.fromEntries(Items.map((item) => [item["kind"]?.S, item]));
    expect(Object.keys(byKind).sort()).toEqual(["execution", "metadata#plan", "metadata#user"]);
    // A pair's partition is spread over the shards, and its posting is in that of its execution.
    const shard = byKind["execution"]?.["shard"]?.S;
    expect(byKind["metadata#plan"]?.["posting"]).toEqual({ S: `plan=pro#${shard}` });
    expect(byKind["metadata#user"]?.["posting"]).toEqual({ S: `user=1#${shard}` });
    expect(byKind["execution"]).not.toHaveProperty("wake_at");
    expect(byKind["execution"]).not.toHaveProperty("state_shard");
    expect(byKind["execution"]).toHaveProperty("expires_at");
  });
});
