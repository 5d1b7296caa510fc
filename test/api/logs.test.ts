import { describe, expect, it } from "vitest";
import { aCreated, anAttempt, anId, aStarted } from "../../harness/an-execution.ts";
import type { LiveLine, LiveLogs } from "../../lambdas/core/ports.ts";
import { memoryApi } from "../support/api.ts";

const line = (number: number): LiveLine => ({
  ...{ number, time: "2026-11-29T09:00:00.000Z", stream: "stdout" as const, line: `line ${number}` },
});
const shown = (...numbers: number[]) => numbers.map((number) => `line ${number}`);

function given(read: LiveLogs["read"] = async () => [line(1), line(2), line(3)]) {
  const api = memoryApi();
  const asked: unknown[] = [];
  api.ports.liveLogs.read = async (...args: Parameters<LiveLogs["read"]>) => {
    asked.push(...args);
    return [...(await read(...args))];
  };
  const get = async (rest = "") => {
    const {
      statusCode,
      headers,
      body = "",
      isBase64Encoded,
    } = await api.call({
      method: "GET",
      path: `/public/v2/executions/${anId}${rest}`,
    });
    const text = isBase64Encoded ? Buffer.from(body, "base64").toString() : body;
    const lines = statusCode === 200 ? text.split("\n").filter(Boolean) : [];
    return { statusCode, headers, lines: lines.map((it) => (JSON.parse(it) as { line: string }).line) };
  };
  return { ...api, asked, get };
}

describe("the log of an attempt that runs", () => {
  it("has the lines so far, and those behind what the caller has", async () => {
    const { get, ports, asked } = given();
    ports.executions.records.set(anId, aStarted({ logStream: "stream" }));
    expect((await get("/logs")).lines).toEqual(shown(1, 2, 3));
    expect((await get("/logs?after=2")).lines).toEqual(shown(3));
    expect((await get(".1/logs?after=3")).lines).toEqual([]);
    expect(asked[0]).toEqual({
      ...{ functionName: "importContacts", executionId: anId, attempt: 1, sinceMs: 10_000 },
      worker: { logStream: "stream" },
    });
  });

  it("is read by the task that runs it, on Fargate", async () => {
    const { get, ports, asked } = given();
    ports.executions.records.set(anId, aStarted({ task: "arn:aws:ecs:eu-central-1:1:task/Epoque-tasks/7f" }));
    expect((await get("/logs?after=1")).lines).toEqual(shown(2, 3));
    expect(asked).toMatchObject([{ worker: { task: "arn:aws:ecs:eu-central-1:1:task/Epoque-tasks/7f" } }]);
  });

  it("goes on in the stored one, without a gap or a doubled line", async () => {
    const { get, ports } = given();
    ports.executions.records.set(anId, aStarted({ logStream: "stream" }));
    const first = await get("/logs");
    const stored = [1, 2, 3, 4].map((number) => {
      const { number: _, ...rest } = line(number);
      return `${JSON.stringify(rest)}\n`;
    });
    await ports.attempts.record(anAttempt({ logs: { inline: stored.join("") } }));
    expect((await get(`/logs?after=${first.lines.length}`)).lines).toEqual(shown(4));
    expect((await get("/logs?after=4")).lines).toEqual([]);
    expect((await get("/logs?after=9")).lines).toEqual([]);
    expect((await get("/logs")).lines).toEqual(shown(1, 2, 3, 4));
  });

  it("is read from the object store behind what the caller has", async () => {
    const { get, ports } = given();
    ports.executions.records.set(anId, aStarted());
    const { number: _, ...rest } = line(1);
    const key = `attempts/importContacts/${anId}/1/logs.ndjson`;
    const text = `${JSON.stringify(rest)}\n`.repeat(100);
    await ports.attempts.record(anAttempt({ logs: await ports.payloads.store(key, text, 0, "") }));
    expect(await get("/logs")).toMatchObject({ statusCode: 307 });
    expect((await get("/logs?after=98")).lines).toHaveLength(2);
  });

  it("is what is known, and when to ask again, where it cannot be read", async () => {
    const { get, ports } = given(async () => {
      throw new Error("Rate exceeded");
    });
    ports.executions.records.set(anId, aStarted({ logStream: "stream" }));
    expect(await get("/logs")).toMatchObject({ statusCode: 200, headers: { "retry-after": "2" }, lines: [] });
  });

  it("is empty where neither a stream nor a task is known, and not there before an attempt has begun", async () => {
    const { get, ports, asked } = given();
    ports.executions.records.set(anId, aStarted());
    expect(await get("/logs")).toMatchObject({ statusCode: 200, lines: [] });
    ports.executions.records.set(anId, aCreated());
    expect(await get("/logs?after=0")).toMatchObject({ statusCode: 404 });
    expect(asked).toEqual([]);
  });

  it.each(["?after=-1", "?after=x", "?after=1.5", "?after=1&after=2", "?before=1"])(
    "is refused for %s",
    async (query) => {
      const { get, ports } = given();
      ports.executions.records.set(anId, aStarted());
      await ports.attempts.record(anAttempt());
      expect(await get(`/logs${query}`)).toMatchObject({ statusCode: 400 });
    },
  );
});
