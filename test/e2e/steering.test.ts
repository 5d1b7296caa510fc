import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Client, createClient, type Filters } from "../../client/client.ts";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";

// A deployment is steered with epoque/client alone: enqueued, failed, found, run again, stopped, tailed.
// `STEERING=10000` enqueues so many, of which 3 % fail.

const COUNT = Number(process.env["STEERING"] ?? 200);
const FAILED_EACH = COUNT / 100;
const KINDS = ["hot", "cold", "wet"] as const;

let running: RunningCloud;
let endpoint: string;
let client: Client;

beforeAll(async () => {
  running = await aCloud({ dynamodb: "dynalite" });
  endpoint = running.cloud.apiEndpoint;
  client = createClient({ endpoint, token: running.token });
});

afterAll(() => running[Symbol.asyncDispose]());

async function count(filters: Filters): Promise<number> {
  let found = 0;
  for await (const _ of client.executions.list(filters)) found++;
  return found;
}

async function isAny(filters: Filters): Promise<boolean> {
  for await (const _ of client.executions.list(filters)) return true;
  return false;
}

async function failedByKind(): Promise<Record<string, number>> {
  const groups = await Array.fromAsync(client.failures.list());
  return Object.fromEntries(groups.map(({ message, count: failed }) => [message, failed]));
}

const ofRun = (run: string): Filters => ({ metadata: [{ key: "run", values: [run] }] });

describe("a deployment with many executions", () => {
  it(
    "takes them in batches, and one of three kinds of failures is run again at a pace, once each",
    async () => {
      const items = Array.from({ length: COUNT }, (_, index) => ({
        metadata: { run: "many" },
        ...(index < 3 * FAILED_EACH
          ? { function_name: "explode", function_arguments: [{ why: KINDS[index % KINDS.length] }] }
          : { function_name: "echo", function_arguments: [index] }),
      }));
      const results = await client.executions.batch(items);
      expect(results.filter((result) => "error" in result)).toEqual([]);
      await until(
        () => isAny({ ...ofRun("many"), states: ["created", "started"] }),
        (isOpen) => !isOpen,
        COUNT * 200,
      );
      expect(await count({ ...ofRun("many"), states: ["failed"] })).toBe(3 * FAILED_EACH);
      expect(await failedByKind()).toEqual({ hot: FAILED_EACH, cold: FAILED_EACH, wet: FAILED_EACH });

      const groups = await Array.fromAsync(client.failures.list());
      const hot = groups.find(({ message }) => message === "hot") ?? expect.unreachable();
      const filters: Filters = { error_fingerprint: hot.fingerprint };
      expect(await client.bulk.dryRun("rerun", { filters })).toMatchObject({ matched: FAILED_EACH });
      const perSecond = Math.max(1, FAILED_EACH / 4);
      const startedAtMs = Date.now();
      const job = await client.bulk.rerun({ filters, per_second: perSecond });
      const last = (await Array.fromAsync(client.bulk.watch(job.id))).at(-1);
      expect(last).toMatchObject({ state: "done", matched: FAILED_EACH, done: FAILED_EACH, failed: 0 });
      expect(Date.now() - startedAtMs).toBeGreaterThan((FAILED_EACH / perSecond - 2) * 1_000);
      const again = await until(failedByKind, ({ hot: failed = 0 }) => failed >= 2 * FAILED_EACH);
      expect(again).toEqual({ hot: 2 * FAILED_EACH, cold: FAILED_EACH, wet: FAILED_EACH });
    },
    120_000 + COUNT * 200,
  );

  it("stops a job half-way", async () => {
    const at = new Date(Date.now() + 3_600_000);
    const item = { function_name: "echo", schedule_for: at, metadata: { run: "stopped" } };
    await client.executions.batch(Array<typeof item>(30).fill(item));
    const job = await client.bulk.cancel({ filters: ofRun("stopped"), per_second: 2 });
    for await (const { done } of client.bulk.watch(job.id, { pollMs: 200 })) {
      if (done > 0) await client.bulk.stop(job.id);
    }
    const stopped = await client.bulk.get(job.id);
    expect(stopped).toMatchObject({ state: "stopped" });
    expect(stopped.done).toBeLessThan(30);
    expect(await count({ ...ofRun("stopped"), states: ["created"] })).toBeGreaterThan(0);
  });
});

describe("a function that runs", () => {
  it("is tailed while it does: each of its lines once, a moment after it was written", async () => {
    const { id } = await client.executions.enqueue({ function_name: "endless" });
    const lines: string[] = [];
    for await (const { line, time } of client.executions.tail(id)) {
      lines.push(line);
      console.log(`a line came ${Date.now() - Date.parse(time)} ms after it was written`);
      expect(await client.executions.get(id)).toMatchObject({ state: "started" });
      await client.executions.cancel(id, { force: true });
    }
    expect(lines).toEqual(["begun"]);
    expect(await client.executions.get(id)).toMatchObject({ state: "aborted" });
    expect((await client.executions.logs(id)).map(({ line }) => line)).toEqual(lines);
  });
});

describe("a token with the scope read", () => {
  it("may look at everything and do nothing: 403, and the scope that is missing", async () => {
    const { token } = await client.tokens.create({ name: "reader", scopes: ["read"] });
    const { executions, functions, schedules, failures, bulk, tokens } = createClient({ endpoint, token });
    const { id } = await client.executions.enqueue({
      function_name: "echo",
      schedule_for: new Date(Date.now() + 3_600_000),
    });
    expect(await executions.get(id)).toMatchObject({ id, state: "created" });
    expect((await functions.list()).length).toBeGreaterThan(0);
    const filters = {};
    const refused: Record<string, (() => Promise<unknown>)[]> = {
      enqueue: [
        () => executions.enqueue({ function_name: "echo" }),
        () => executions.batch([{ function_name: "echo" }]),
      ],
      control: [
        () => executions.rerun(id),
        () => executions.reschedule(id),
        () => executions.cancel(id),
        () => bulk.cancel({ filters }),
        () => bulk.rerun({ filters }),
        () => bulk.reschedule({ filters }),
        () => bulk.stop(id),
        () => failures.resolve("0".repeat(32)),
        () => failures.ignore("0".repeat(32)),
        () => failures.reopen("0".repeat(32)),
        () => functions.pause("echo"),
        () => functions.resume("echo"),
        () => schedules.put("s", { function_name: "echo", every_seconds: 60 }),
        () => schedules.pause("s"),
        () => schedules.resume("s"),
        () => schedules.run("s"),
        () => schedules.delete("s"),
      ],
      admin: [
        () => tokens.list(),
        () => tokens.create({ name: "more", scopes: ["admin"] }),
        () => tokens.delete("reader"),
      ],
    };
    for (const [scope, calls] of Object.entries(refused)) {
      for (const call of calls) {
        const error = { status: 403, code: "forbidden", message: expect.stringContaining(scope) };
        await expect(call(), String(call)).rejects.toMatchObject(error);
      }
    }
    expect(await client.executions.get(id)).toMatchObject({ state: "created" });
  });
});
