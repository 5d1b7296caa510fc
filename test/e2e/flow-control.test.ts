import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";
import { loadClient } from "../support/client.ts";

let running: RunningCloud;
let client: Awaited<ReturnType<typeof loadClient>>;

beforeAll(async () => {
  running = await aCloud({ functions: "test/fixtures/flow-control/defer", dynamodb: "dynalite" });
  const { apiEndpoint: DEFER_ENDPOINT } = running.cloud;
  client = await loadClient({ DEFER_ENDPOINT, DEFER_TOKEN: running.token });
});

afterAll(() => running[Symbol.asyncDispose]());

/** Calls a function of the fixture by the real client, as an app does. Returns the execution's id. */
async function call(name: string, args: unknown[], metadata: Record<string, string> = {}): Promise<string> {
  const module = (await import(`../fixtures/flow-control/defer/${name}.ts`)) as {
    default: Parameters<typeof client.assignOptions>[0];
  };
  const { id } = (await client.assignOptions(module.default, { metadata })(...(args as never[]))) as { id: string };
  return id;
}

const find = async (id: string) =>
  ((await running.calls.send("GET", `/${id}`)) as { data: Record<string, unknown> }).data;

const waitsFor = (id: string, reason: string) =>
  running.calls.until(id, (execution) => execution["waiting_for"] === reason, 60_000);

const functionNamed = async (name: string) =>
  ((await running.calls.send("GET", `/../functions/${name}?include=load`)) as { data: Record<string, unknown> }).data;

const aFolder = () => mkdtemp(join(tmpdir(), "epoque-flow-"));

describe("concurrency per key", () => {
  it("runs so many of each value at once, parks the others, and hands their slot over", async () => {
    const folder = await aFolder();
    const begun = async () => (await readFile(`${folder}/begun`, "utf-8").catch(() => "")).trim().split("\n");
    const first = await call("perCustomer", [folder, "acme"], { customer: "acme" });
    await until(begun, (customers) => customers.includes("acme"), 60_000);
    const second = await call("perCustomer", [folder, "acme"], { customer: "acme" });
    await waitsFor(second, "capacity");
    const other = await call("perCustomer", [folder, "globex"], { customer: "globex" });
    await writeFile(`${folder}/globex`, "");
    expect(await running.calls.ended(other, 60_000)).toMatchObject({ state: "succeed" });
    expect(await begun()).toEqual(["acme", "globex"]);
    expect(await functionNamed("perCustomer")).toMatchObject({ paused: false, load: { parked: 1 } });
    await writeFile(`${folder}/acme`, "");
    const [before, after] = [await running.calls.ended(first, 60_000), await running.calls.ended(second, 60_000)];
    expect(Date.parse(String(after["started_at"]))).toBeGreaterThanOrEqual(Date.parse(String(before["finished_at"])));
  });
});

describe("a rate limit", () => {
  it("spreads what comes at once", async () => {
    // A first start takes as long as several of them.
    await running.calls.ended(await call("mail", []), 60_000);
    const beganAtMs = Date.now();
    const ids = await Promise.all(Array.from({ length: 12 }, () => call("mail", [])));
    const ended = await Promise.all(ids.map((id) => running.calls.ended(id, 60_000)));
    const starts = ended.map((it) => Date.parse(String(it["started_at"]))).sort((a, b) => a - b);
    // One each half second. Any of them may be late, and none is early.
    expect(starts.filter((startMs, index) => startMs - beganAtMs >= 500 * index)).toHaveLength(ids.length);
  });
});

describe("a pause", () => {
  // Nothing else runs this function: a runner learns of a pause within ten seconds only.
  it("holds everything back until the function is resumed", async () => {
    const set = (what: "pause" | "resume") => running.calls.send("POST", `/../functions/held/${what}`);
    expect(await set("pause")).toMatchObject({ data: { name: "held", paused: true } });
    const id = await call("held", [7]);
    await waitsFor(id, "pause");
    expect(await functionNamed("held")).toMatchObject({ paused: true, load: { parked: 1 } });
    expect(await set("resume")).toMatchObject({ data: { paused: false } });
    expect(await running.calls.ended(id, 60_000)).toMatchObject({ state: "succeed" });
    expect(await find(id)).not.toHaveProperty("waiting_for");
  });
});

describe("a debounce", () => {
  it("makes one execution of many calls at once, with the last arguments", async () => {
    const enqueue = (number: number) =>
      running.calls.enqueue("report", [number], { debounce: { key: "a", delaySeconds: 5, maxDelaySeconds: 60 } });
    const ids = await Promise.all([1, 2, 3, 4, 5].map(enqueue));
    expect(new Set([...ids, await enqueue(42)]).size).toBe(1);
    await running.calls.ended(ids[0] ?? "", 60_000);
    expect(await running.calls.result(ids[0] ?? "")).toBe(42);
  });
});

describe("a failure that is not to be retried", () => {
  it("fails at once, and its follow-up is told of it", async () => {
    const id = await call("charge", ["nobody"]);
    expect(await running.calls.ended(id, 60_000)).toMatchObject({ state: "failed", attempt: 1 });
    const children = async () =>
      ((await running.calls.send("POST", "", { filters: { executed_by: id } })) as { data: { id: string }[] }).data;
    const [child = expect.unreachable()] = await until(children, (found) => found.length > 0, 60_000);
    expect(await running.calls.ended(child.id, 60_000)).toMatchObject({ function_name: "notify", state: "succeed" });
    expect(await running.calls.result(child.id)).toBe(`${id} failed: no such customer: nobody`);
  });
});
