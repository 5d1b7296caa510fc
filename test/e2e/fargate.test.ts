import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../support/a-cloud.ts";

let running: RunningCloud;
let folder: string;
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "epoque-fargate-"));
  running = await aCloud({
    functions: "test/fixtures/fargate/defer",
    dynamodb: "dynalite",
    onLog: ({ functionName, line }) => void lines.push(`${functionName} ${line}`),
  });
}, 120_000);

afterAll(() => running[Symbol.asyncDispose]());

describe("a function with a long maxDuration", () => {
  it("runs as a task, and its result and logs are there", async () => {
    const { calls } = running;
    const id = await calls.enqueue("sleepLong", [join(folder, "short"), 200]);
    expect(await calls.ended(id, 60_000)).toMatchObject({ state: "succeed" });
    expect(await calls.result(id)).toBe("slept well");
    expect(lines.some((line) => line.startsWith("Epoque-fn-sleepLong") && line.includes("awake"))).toBe(true);
  }, 90_000);
});
