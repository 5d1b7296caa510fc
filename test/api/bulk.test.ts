import { describe, expect, it } from "vitest";
import { aNewId } from "../../harness/an-execution.ts";
import { workJob } from "../../lambdas/flows/work-job.ts";
import { memoryApi } from "../support/api.ts";

const path = "/public/v2/bulk";
const everything = { action: "rerun", filters: {} };

function given() {
  const api = memoryApi();
  const send = async (method: string, url: string, body?: unknown) => {
    const result = await api.call({ method, path: url, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return { status: result.statusCode, json: result.body ? result.json() : {} };
  };
  const data = async (method: string, url: string, body?: unknown) =>
    (await send(method, url, body)).json["data"] as Record<string, unknown>;
  const enqueue = async (more: object = {}) => {
    const body = { function_name: "importContacts", function_arguments: ["ada"], ...more };
    const { id } = await data("PUT", "/public/v2/executions", body);
    api.ports.clock.advance(5);
    return id as string;
  };
  /** Delivers what the job sends itself, up to so many messages. */
  const work = async (most = Infinity) => {
    const { sent } = api.ports.jobMessages;
    for (let count = 0; sent.length > 0 && count < most; count++) {
      const [{ message, delaySeconds } = expect.unreachable()] = sent.splice(0, 1);
      api.ports.clock.advance(delaySeconds * 1000);
      await workJob(api.ports, message, false);
    }
  };
  const list = async (query: string) =>
    (await data("GET", `/public/v2/executions?${query}`)) as unknown as Record<string, unknown>[];
  return { ...api, send, data, enqueue, work, list };
}

describe("a bulk job", () => {
  it("re-runs what matches, once each, oldest first, and tells how far it is", async () => {
    const { data, enqueue, work, list, ports } = given();
    const ids = [];
    for (let index = 0; index < 5; index++) ids.push(await enqueue({ metadata: { batch: index < 4 ? "a" : "b" } }));
    const filters = { metadata: [{ key: "batch", values: ["a"] }] };
    const asked = await data("POST", path, { ...everything, filters, per_second: 3 });
    expect(asked).toMatchObject({
      action: "rerun",
      state: "running",
      filters,
      matched: 0,
      done: 0,
      created_by: "admin",
    });
    await work(2);
    expect(await data("GET", `${path}/${asked["id"]}`)).toMatchObject({ state: "running", matched: 4, done: 3 });
    await work();
    const done = await data("GET", `${path}/${asked["id"]}`);
    expect(done).toMatchObject({ state: "done", matched: 4, done: 4, skipped: 0, failed: 0, failures: [] });
    expect(done["finished_at"]).toBeDefined();
    const reruns = (await list("first=100")).filter((it) => it["rerun_of"] !== undefined);
    expect(reruns.map((it) => it["rerun_of"]).sort()).toEqual(ids.slice(0, 4).sort());
    expect(reruns.every((it) => (it["metadata"] as { batch: string }).batch === "a")).toBe(true);
    // Those that were sent, in the order of the originals.
    const sent = ports.dispatcher.sent.slice(5).map(({ message }) => message.executionId);
    expect(sent.map((id) => ports.executions.records.get(id)?.rerunOf)).toEqual(ids.slice(0, 4));
  });

  it("never meets its own re-runs, nor what was made after it", async () => {
    const { data, enqueue, work, ports } = given();
    await enqueue();
    await data("POST", path, { ...everything, per_second: 1 });
    ports.clock.advance(2_000);
    await enqueue();
    await work();
    expect(ports.executions.records.size).toBe(3);
  });

  it("cancels what waits, and by force what runs; what is over is skipped", async () => {
    const { data, enqueue, work, list, ports } = given();
    const far = { schedule_for: "2030-01-01T00:00:00.000Z" };
    for (let index = 0; index < 3; index++) await enqueue(far);
    const { id } = await data("POST", path, { action: "cancel", filters: { states: ["created"] } });
    await work(1);
    const [first] = ports.executions.records.values();
    await data("POST", `/public/v2/executions/${first?.id}/cancellation`);
    await work();
    expect(await data("GET", `${path}/${id}`)).toMatchObject({ matched: 3, done: 2, skipped: 1, force: false });
    expect((await list("states=cancelled")).length).toBe(3);
  });

  it("reschedules what waits, to a time or to now", async () => {
    const { data, enqueue, work, ports } = given();
    await enqueue({ schedule_for: "2030-01-01T00:00:00.000Z" });
    const move = async (more: object) => {
      await data("POST", path, { action: "reschedule", filters: {}, ...more });
      await work();
      return [...ports.executions.records.values()][0]?.scheduledAtMs;
    };
    expect(await move({ schedule_for: "2031-01-01T00:00:00.000Z" })).toBe(Date.parse("2031-01-01T00:00:00Z"));
    expect(await move({})).toBeLessThanOrEqual(ports.clock.now());
  });

  it("gives re-runs other arguments and a due time, and ends at its limit", async () => {
    const { data, enqueue, work, list } = given();
    for (let index = 0; index < 3; index++) await enqueue();
    const schedule_for = "2030-01-01T00:00:00.000Z";
    const big = ["x".repeat(10_000)];
    const job = await data("POST", path, { ...everything, arguments: big, schedule_for, limit: 2 });
    await work();
    expect(await data("GET", `${path}/${job["id"]}`)).toMatchObject({ state: "done", matched: 2, done: 2, limit: 2 });
    const reruns = (await list("first=100")).filter((it) => it["rerun_of"] !== undefined);
    expect(reruns.map((it) => it["scheduled_at"])).toEqual([schedule_for, schedule_for]);
  });

  it("goes on where some cannot be acted on, and says why", async () => {
    const { data, enqueue, work, ports } = given();
    for (let index = 0; index < 12; index++) await enqueue();
    await enqueue({ function_name: "twoAtMost" });
    const { id } = await data("POST", path, everything);
    const functions = new Map(ports.functions);
    functions.delete("importContacts");
    Object.assign(ports, { functions });
    await work();
    const job = await data("GET", `${path}/${id}`);
    expect(job).toMatchObject({ state: "done", matched: 13, done: 1, failed: 12 });
    expect(job["failures"]).toHaveLength(10);
    expect((job["failures"] as { message: string }[])[0]?.message).toMatch(/^cannot find function "importContacts"/);
  });

  it("is stopped, and counts what it has done", async () => {
    const { data, send, enqueue, work } = given();
    for (let index = 0; index < 5; index++) await enqueue();
    const { id } = await data("POST", path, { ...everything, per_second: 2 });
    await work(2);
    const stopped = { state: "stopped", done: 2, stopped_by: "admin" };
    expect(await data("POST", `${path}/${id}/cancellation`)).toMatchObject(stopped);
    await work();
    expect(await data("GET", `${path}/${id}`)).toMatchObject(stopped);
    expect(await send("POST", `${path}/${id}/cancellation`)).toMatchObject({ status: 200 });
  });

  it("only counts in a dry run, and shows ten", async () => {
    const { send, enqueue, ports } = given();
    for (let index = 0; index < 12; index++) await enqueue();
    const { status, json } = await send("POST", path, { ...everything, dry_run: true });
    expect(status).toBe(200);
    expect(json["data"]).toMatchObject({ matched: 12, matched_is_lower_bound: false });
    expect((json["data"] as { sample: unknown[] }).sample).toHaveLength(10);
    const limited = await send("POST", path, { ...everything, limit: 7, dry_run: true });
    expect(limited.json["data"]).toMatchObject({ matched: 7 });
    expect(ports.jobs.jobs.size).toBe(0);
    expect(ports.jobMessages.sent).toEqual([]);
  });

  it("is listed with the others, newest first, in pages", async () => {
    const { send, data, ports } = given();
    const ids = [];
    for (let index = 0; index < 5; index++) {
      ids.unshift((await data("POST", path, everything))["id"]);
      ports.clock.advance(1);
    }
    const page = async (query: string) => {
      const { json } = await send("GET", `${path}${query}`);
      return {
        ids: (json["data"] as { id: string }[]).map(({ id }) => id),
        info: json["page_info"] as Record<string, unknown>,
      };
    };
    expect((await page("")).ids).toEqual(ids);
    const first = await page("?first=2");
    expect(first).toMatchObject({ ids: ids.slice(0, 2), info: { has_next_page: true } });
    expect((await page(`?first=2&after=${first.info["end_cursor"]}`)).ids).toEqual(ids.slice(2, 4));
    expect((await page("?last=1")).ids).toEqual(ids.slice(4));
  });

  it.each([
    [{}, "action: must be one of cancel, rerun, reschedule"],
    [{ action: "delete", filters: {} }, "action: must be one of"],
    [{ action: "cancel" }, "filters: filters must be a JSON object"],
    [{ ...everything, filters: { state: ["failed"] } }, "filters: unknown field state"],
    [{ ...everything, filters: [] }, "filters: filters must be a JSON object"],
    [{ ...everything, per_second: 0 }, "per_second: must be 1 or more"],
    [{ ...everything, per_second: 1_001 }, "per_second: must be 1000 at most"],
    [{ ...everything, limit: 0 }, "limit: must be 1 or more"],
    [{ ...everything, limit: "5" }, "limit: must be a whole number"],
    [{ ...everything, force: true }, "force: goes with the action cancel only"],
    [{ action: "cancel", filters: {}, arguments: [] }, "arguments: goes with the action rerun only"],
    [{ action: "cancel", filters: {}, schedule_for: "2030-01-01T00:00:00Z" }, "schedule_for: goes with the actions"],
    [{ ...everything, arguments: "x" }, "arguments: must be an array"],
    [{ ...everything, dry_run: "yes" }, "dry_run: must be true or false"],
    [{ ...everything, pace: 5 }, "unknown field pace"],
    [
      { ...everything, filters: { metadata: [{ key: "k", values: Array(99).fill("v".repeat(256)) }] } },
      "filters: must have 16384 characters at most",
    ],
  ])("is refused for %j", async (body, message) => {
    const { send, ports } = given();
    const refused = await send("POST", path, body);
    expect(refused).toMatchObject({ status: 400, json: { error: "bad_request" } });
    expect(refused.json["message"]).toContain(message);
    expect(ports.jobs.jobs.size).toBe(0);
  });

  it("is not found by another id, nor by that of a function", async () => {
    const { send, ports } = given();
    const { id } = ports.functions.get("importContacts") ?? expect.unreachable();
    for (const url of [`${path}/x`, `${path}/${crypto.randomUUID()}`, `${path}/${id}`, `${path}/${aNewId()}.1`]) {
      expect(await send("GET", url)).toMatchObject({ status: 404 });
      expect(await send("POST", `${url}/cancellation`)).toMatchObject({ status: 404 });
    }
    for (const query of ["?first=0", "?after=x", "?states=failed", "?color=red"]) {
      expect(await send("GET", `${path}${query}`)).toMatchObject({ status: 400 });
    }
  });
});
