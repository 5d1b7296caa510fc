import { describe, expect, it } from "vitest";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { errorFingerprint } from "../../lambdas/core/failures/fingerprint.ts";
import { HOUR_MS } from "../../lambdas/core/failures/group.ts";
import { type ExecutionId, functionId } from "../../lambdas/core/ids.ts";
import { decide } from "../../lambdas/flows/decide.ts";
import { finish } from "../../lambdas/flows/finish.ts";
import { memoryApi } from "../support/api.ts";

const path = "/public/v2/failures";
const START_MS = 490_000 * HOUR_MS;

function given() {
  const api = memoryApi(memoryPorts(START_MS));
  const { ports } = api;
  const send = async (method: string, url: string, body?: unknown) => {
    const result = await api.call({ method, path: url, ...(body !== undefined && { body: JSON.stringify(body) }) });
    return { status: result.statusCode, json: result.body ? result.json() : {} };
  };
  /** Enqueues, and lets the attempt fail, or succeed without a message. */
  const run = async (message: string | undefined, functionName = "importContacts", id?: ExecutionId) => {
    const body = { function_name: functionName, function_arguments: [] };
    const enqueued = id ?? ((await send("PUT", "/public/v2/executions", body)).json["data"] as { id: ExecutionId }).id;
    const revision = ports.executions.records.get(enqueued)?.revision ?? 0;
    const started = await decide(ports, enqueued, { type: "start", revision, leaseMs: 1_000 });
    const running = started !== undefined && "applied" in started ? started.applied : expect.unreachable();
    const error = { name: "Error", message: message ?? "", stack: "" };
    const outcome =
      message === undefined
        ? ({ state: "succeed", result: "1" } as const)
        : ({ state: "failed", errorCode: "ER0000", error } as const);
    await finish(ports, running as never, { outcome, logs: "" });
    return enqueued;
  };
  const groups = async (query = "") => (await send("GET", `${path}${query}`)).json["data"] as Record<string, unknown>[];
  return { ...api, send, run, groups };
}

describe("failures", () => {
  it("are grouped by kind, those that happened last first, with counts by hour and a sample", async () => {
    const { run, groups, ports } = given();
    await run("row 1 is bad");
    ports.clock.advance(3 * HOUR_MS);
    await run("row 2 is bad");
    await run("no such file");
    ports.clock.advance(HOUR_MS);
    const last = await run("no such file");
    await run("row 3 is bad", "twoAtMost");
    await run(undefined);
    const found = await groups();
    expect(found.map(({ message, count }) => [message, count])).toEqual(
      expect.arrayContaining([
        ["no such file", 2],
        ["row 3 is bad", 1],
        ["row 2 is bad", 2],
      ]),
    );
    expect(found).toHaveLength(3);
    expect(found.at(-1)).toMatchObject({
      ...{ message: "row 2 is bad", state: "open", function_name: "importContacts", error_name: "Error" },
      first_seen_at: "2025-11-24T16:00:00.000Z",
      last_seen_at: "2025-11-24T19:00:00.000Z",
      by_hour: [
        { hour: "2025-11-24T16:00:00.000Z", count: 1 },
        { hour: "2025-11-24T19:00:00.000Z", count: 1 },
      ],
    });
    expect(found.find(({ message }) => message === "no such file")).toMatchObject({ sample_execution_id: last });
    expect(await groups(`?function_ids=${functionId("twoAtMost")}`)).toHaveLength(1);
    ports.clock.advance(7 * 24 * HOUR_MS);
    expect(await groups()).toEqual([]);
  });

  it("are what executions are listed by, while they are what their last attempt came to", async () => {
    const { run, send, ports } = given();
    Object.assign(ports.retry, { maxAttempts: 1 });
    const id = await run("row 1 is bad");
    const fingerprint = errorFingerprint(functionId("importContacts"), {
      name: "Error",
      message: "row 9 is bad",
      stack: "",
    });
    const list = async () =>
      (
        (await send("GET", `/public/v2/executions?error_fingerprint=${fingerprint}`)).json["data"] as { id: string }[]
      ).map((it) => it.id);
    expect(await list()).toEqual([id]);
    expect((await send("GET", `/public/v2/executions/${id}.1`)).json["data"]).toMatchObject({
      error_fingerprint: fingerprint,
    });
    ports.clock.advance(HOUR_MS);
    await run(undefined, "importContacts", id);
    expect(await list()).toEqual([]);
    expect((await send("GET", `/public/v2/executions/${id}`)).json["data"]).not.toHaveProperty("error_fingerprint");
    expect((await send("GET", `/public/v2/executions/${id}.1`)).json["data"]).toMatchObject({
      error_fingerprint: fingerprint,
    });
    for (const bad of ["x", fingerprint.toUpperCase(), `${fingerprint}&error_fingerprint=${fingerprint}`]) {
      expect(await send("GET", `/public/v2/executions?error_fingerprint=${bad}`)).toMatchObject({ status: 400 });
    }
  });

  it("are resolved until they happen again, ignored, and opened", async () => {
    const { run, send, groups, ports } = given();
    await run("no");
    const [{ fingerprint } = expect.unreachable()] = await groups();
    const resolve = (state: string) => send("POST", `${path}/${fingerprint}/resolution`, { state });
    ports.clock.advance(1_000);
    expect(await resolve("resolved")).toMatchObject({
      status: 200,
      json: { data: { state: "resolved", resolved_by: "admin" } },
    });
    expect(await groups("?states=open")).toEqual([]);
    ports.clock.advance(1_000);
    await run("no");
    expect(await groups()).toMatchObject([{ state: "open", count: 2 }]);
    expect((await resolve("ignored")).json["data"]).toMatchObject({ state: "ignored" });
    await run("no");
    expect(await groups("?states=ignored")).toMatchObject([{ count: 3 }]);
    expect((await resolve("open")).json["data"]).toMatchObject({ state: "open" });
  });

  it("are paged in both directions, each group once", async () => {
    const { run, send, ports } = given();
    for (let index = 0; index < 7; index++) {
      await run("a");
      await run(`kind ${"x".repeat(index)}`);
      if (index % 2) ports.clock.advance(HOUR_MS);
    }
    const page = async (query: string) => {
      const { json } = await send("GET", `${path}${query}`);
      return {
        ids: (json["data"] as { fingerprint: string }[]).map(({ fingerprint }) => fingerprint),
        info: json["page_info"] as Record<string, string | boolean>,
      };
    };
    const all = (await page("")).ids;
    expect(new Set(all).size).toBe(8);
    const paged: string[] = [];
    for (let query = "?first=3"; ; ) {
      const { ids, info } = await page(query);
      paged.push(...ids);
      if (!info["has_next_page"]) break;
      query = `?first=3&after=${info["end_cursor"]}`;
    }
    expect(paged).toEqual(all);
    expect((await page("?last=3")).ids).toEqual(all.slice(-3));
  });

  it.each([
    ["GET", "?first=0"],
    ["GET", "?after=x"],
    ["GET", "?states=closed"],
    ["GET", "?function_ids=x"],
    ["GET", "?color=red"],
    ["POST", `/${"a".repeat(32)}/resolution`],
  ])("are refused to be %s %s", async (method, rest) => {
    expect(await given().send(method, `${path}${rest}`)).toMatchObject({ status: 400 });
  });

  it.each(["x", "a".repeat(32), "A".repeat(32)])("of no kind %s are not found", async (fingerprint) => {
    const refused = await given().send("POST", `${path}/${fingerprint}/resolution`, { state: "ignored" });
    expect(refused).toMatchObject({ status: 404, json: { error: "not_found" } });
  });
});
