import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../support/a-cloud.ts";

let running: RunningCloud;

beforeAll(async () => {
  running = await aCloud({ functions: "test/fixtures/flow-control/defer", dynamodb: "dynalite" });
}, 120_000);

afterAll(() => running[Symbol.asyncDispose]());

const startOf = async (id: string) => Date.parse(String((await running.calls.ended(id, 60_000))["started_at"]));

/** How many ran at once at most, of one customer. */
async function mostAtOnce(notes: string, customer: string): Promise<number> {
  let runs = 0;
  let most = 0;
  for (const line of (await readFile(notes, "utf-8")).trim().split("\n")) {
    if (!line.endsWith(` ${customer}`)) continue;
    runs += line.startsWith("begin") ? 1 : -1;
    most = Math.max(most, runs);
  }
  return most;
}

describe("concurrency per key", () => {
  it("runs so many of each value at once, parks the others, and loses none", async () => {
    const { calls } = running;
    const notes = join(await mkdtemp(join(tmpdir(), "epoque-flow-")), "notes");
    const enqueue = (customer: string, ms: number) =>
      calls.enqueue("perCustomer", [notes, customer, ms], { metadata: { customer } });
    const many = await Promise.all([1, 2, 3, 4].map(() => enqueue("acme", 600)));
    const single = await enqueue("other", 10);
    const starts = await Promise.all(many.map(startOf));
    expect(await startOf(single)).toBeLessThan(Math.max(...starts));
    expect(await mostAtOnce(notes, "acme")).toBe(1);
  }, 90_000);
});

describe("a rate limit", () => {
  it("spreads what comes at once", async () => {
    const ids = await Promise.all(Array.from({ length: 6 }, () => running.calls.enqueue("mail")));
    const starts = (await Promise.all(ids.map(startOf))).sort((a, b) => a - b);
    // One at once, then one each half second; messages are delayed by whole seconds, but never start early.
    for (const [index, start] of starts.entries()) {
      expect(start - (starts[0] ?? 0)).toBeGreaterThanOrEqual(500 * index - 500);
    }
  }, 90_000);
});

describe("a pause", () => {
  it("holds everything back until the function is resumed", async () => {
    const { calls } = running;
    const set = (what: "pause" | "resume") => calls.send("POST", `/../functions/perCustomer/${what}`);
    expect(await set("pause")).toMatchObject({ data: { name: "perCustomer", paused: true } });
    // A runner that ran before learns of it within ten seconds.
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    const notes = join(await mkdtemp(join(tmpdir(), "epoque-flow-")), "notes");
    const id = await calls.enqueue("perCustomer", [notes, "acme", 10], { metadata: { customer: "acme" } });
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(await calls.send("GET", `/${id}`)).toMatchObject({ data: { state: "created" } });
    expect(await set("resume")).toMatchObject({ data: { paused: false } });
    expect(await calls.ended(id, 30_000)).toMatchObject({ state: "succeed" });
  }, 90_000);
});
