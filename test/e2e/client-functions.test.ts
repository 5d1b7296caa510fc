import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deferErrorKind } from "../../examples/nextjs/lib/deferError.ts";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";
import { errorClass, loadClient } from "../support/client.ts";

// Every function that @defer/client 2.3.0 exports.

let running: RunningCloud;
const lines: string[] = [];
let client: Awaited<ReturnType<typeof loadClient>>;
const unknown = "01939a3c-0000-7000-8000-00000000abcd";

beforeAll(async () => {
  running = await aCloud({ dynamodb: "dynalite", onLog: ({ line }) => lines.push(line) });
  client = await loadClient({ DEFER_ENDPOINT: running.cloud.apiEndpoint, DEFER_TOKEN: running.token });
});

afterAll(() => running[Symbol.asyncDispose]());

const functions = () => ({
  echo: client.defer(async function echo(value: unknown) {
    return value;
  }),
  explode: client.defer(async function explode(_reason: { why: string }) {}),
  endless: client.defer(async function endless() {}),
  flaky: client.defer(async function flaky(_file: string, _times: number) {}),
  nextHour: client.defer(async function nextHour(_file: string) {}),
});

const aFile = async () => join(await mkdtemp(join(tmpdir(), "epoque-calls-")), "calls");

const stateOf = async (id: string) => (await client.getExecution(id)).state;
const reaches = (id: string, state: string) =>
  until(
    () => stateOf(id),
    (current) => current === state,
  );
const later = () => client.assignOptions(functions().echo, { delay: "5 min" })("later");

describe("enqueue", () => {
  it("gives the execution, as it is kept", async () => {
    expect(client.deferEnabled()).toBe(true);
    const execution = await functions().echo(1);
    expect(execution).toMatchObject({ state: "created", functionName: "echo", createdAt: expect.any(Date) });
    expect(await client.getExecution(execution.id)).toMatchObject({ id: execution.id, functionName: "echo" });
  });

  it("takes delay, metadata and discardAfter, by the old names as well", async () => {
    const { echo } = functions();
    const at = new Date(Date.now() + 60_000);
    const delayed = await client.discardAfter(client.addMetadata(client.delay(echo, at), { user: "1" }), "10 min")(1);
    expect(delayed.scheduledAt).toEqual(at);
    const { data } = await client.listExecutions({ first: 10 }, { metadata: [{ key: "user", values: ["1"] }] });
    expect(data.map(({ id }) => id)).toEqual([delayed.id]);
  });

  it("discards what did not start in time", async () => {
    const { id } = await client.assignOptions(functions().echo, { discardAfter: new Date(Date.now() - 1000) })(1);
    await reaches(id, "discarded");
    expect(await errorClass(client.getExecutionResult(id))).toBe("ExecutionResultNotAvailable");
  });
});

describe("getExecution and getExecutionResult", () => {
  it("give value and error", async () => {
    const value = await functions().echo({ a: [1] });
    await reaches(value.id, "succeed");
    expect(await client.getExecutionResult(value.id)).toEqual({ a: [1] });
    const error = await functions().explode({ why: "hot" });
    await reaches(error.id, "failed");
    expect(await client.getExecutionResult(error.id)).toMatchObject({ name: "RangeError", message: "hot" });
  });

  it("say what is not there, and what is not there yet", async () => {
    expect(await errorClass(client.getExecution(unknown))).toBe("ExecutionNotFound");
    expect(await errorClass(client.getExecutionResult(unknown))).toBe("ExecutionNotFound");
    const { id } = await later();
    expect(await errorClass(client.getExecutionResult(id))).toBe("ExecutionResultNotAvailableYet");
  });
});

describe("cancelExecution", () => {
  it("cancels what waits", async () => {
    const { id } = await later();
    expect(await client.cancelExecution(id)).toMatchObject({ id, state: "cancelled" });
    expect(await errorClass(client.getExecutionResult(id))).toBe("ExecutionResultNotAvailable");
    expect(await errorClass(client.cancelExecution(id))).toBe("ExecutionNotCancellable");
    expect(await errorClass(client.cancelExecution(unknown))).toBe("ExecutionNotFound");
  });

  it("stops what runs, with force only", async () => {
    const { id } = await functions().endless();
    await reaches(id, "started");
    expect(await errorClass(client.cancelExecution(id))).toBe("ExecutionNotCancellable");
    expect(await client.cancelExecution(id, true)).toMatchObject({ state: "aborting" });
    expect(await errorClass(client.cancelExecution(id, true))).toBe("ExecutionAbortingAlreadyInProgress");
    await until(
      () => stateOf(id),
      (state) => state === "aborted",
      // By the runner itself; without it the lease would end after 45 s.
      20_000,
    );
    expect(await errorClass(client.getExecutionResult(id))).toBe("ExecutionResultNotAvailable");
    const { data } = await client.listExecutionAttempts(id);
    expect(data).toMatchObject([{ id: `${id}.1`, state: "aborted" }]);
  });
});

describe("rescheduleExecution", () => {
  it("runs what waits at another time, or now", async () => {
    const { id } = await later();
    const at = new Date(Date.now() + 120_000);
    expect(await client.rescheduleExecution(id, at)).toMatchObject({ id, scheduledAt: at });
    expect((await client.rescheduleExecution(id, "10 min")).scheduledAt.getTime()).toBeGreaterThan(at.getTime());
    await client.rescheduleExecution(id);
    await reaches(id, "succeed");
    expect(await errorClass(client.rescheduleExecution(id))).toBe("ExecutionNotReschedulable");
    expect(await errorClass(client.rescheduleExecution(unknown))).toBe("ExecutionNotFound");
  });

  it("never lets the old message run it", async () => {
    const { id } = await client.assignOptions(functions().echo, { delay: new Date(Date.now() + 1_500) })(1);
    await client.rescheduleExecution(id, "5 min");
    await until(
      () => lines.filter((line) => line.includes(id)),
      (ofIt) => ofIt.some((line) => line.includes('"message":"message dropped"') && line.includes('"reason":"stale"')),
    );
    expect(await stateOf(id)).toBe("created");
    await client.cancelExecution(id);
  });
});

describe("reRunExecution", () => {
  it("makes a new execution of the same", async () => {
    const first = await client.assignOptions(functions().echo, { metadata: { rerun: "1" } })({ a: 1 });
    await reaches(first.id, "succeed");
    const second = await client.reRunExecution(first.id);
    expect(second.id).not.toBe(first.id);
    await reaches(second.id, "succeed");
    expect(await client.getExecutionResult(second.id)).toEqual({ a: 1 });
    const { data } = await client.listExecutions({}, { metadata: [{ key: "rerun", values: ["1"] }] });
    expect(data.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(await errorClass(client.reRunExecution(unknown))).toBe("ExecutionNotFound");
  });

  it("takes large arguments along", async () => {
    const large = "x".repeat(100_000);
    const first = await functions().echo(large);
    const second = await client.reRunExecution(first.id);
    await reaches(second.id, "succeed");
    expect(await client.getExecutionResult(second.id)).toBe(large);
  });
});

describe("listExecutions and listExecutionAttempts", () => {
  it("page through everything", async () => {
    const { echo } = functions();
    const paging = client.assignOptions(echo, { metadata: { paging: "yes" } });
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) ids.unshift((await paging(count)).id);
    const filters = { metadata: [{ key: "paging", values: ["yes", "no"] }] };
    const first = await client.listExecutions({ first: 2 }, filters);
    expect(first).toMatchObject({ pageInfo: { hasNextPage: true, hasPrevPage: false } });
    const second = await client.listExecutions({ first: 3, after: first.pageInfo.endCursor as string }, filters);
    expect(second).toMatchObject({ pageInfo: { hasNextPage: false, hasPrevPage: true } });
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(ids);
    const back = await client.listExecutions({ last: 2, before: second.pageInfo.startCursor as string }, filters);
    expect(back.data.map(({ id }) => id)).toEqual(first.data.map(({ id }) => id));
    expect(back.pageInfo).toEqual({ ...first.pageInfo, hasNextPage: true });
  });

  it("show a waiting attempt as created", async () => {
    const { id } = await functions().nextHour(await aFile());
    const waiting = await until(
      () => client.listExecutionAttempts(id),
      ({ data }) => data.length === 2,
    );
    expect(waiting.data.map((attempt) => [attempt.id, attempt.state])).toEqual([
      [`${id}.2`, "created"],
      [`${id}.1`, "failed"],
    ]);
  });

  it("show attempts with their errors", async () => {
    const { id } = await functions().flaky(await aFile(), 3);
    await reaches(id, "succeed");
    expect(await client.getExecutionResult(id)).toBe(3);
    const { data } = await client.listExecutionAttempts(id, { first: 10 }, { states: ["failed"] });
    expect(data.map((attempt) => attempt.id)).toEqual([`${id}.2`, `${id}.1`]);
    expect(await client.getExecution(`${id}.1`)).toMatchObject({ id: `${id}.1`, state: "failed" });
    expect(await client.getExecutionResult(`${id}.1`)).toMatchObject({ message: "call 1 of 3" });
    expect(await client.getExecutionTries(id)).toMatchObject({ data: [{}, {}, {}] });
    expect(await errorClass(client.listExecutionAttempts(unknown))).toBe("ExecutionNotFound");
    expect(await errorClass(client.getExecution(`${id}.9`))).toBe("ExecutionNotFound");
    const logs = await fetch(new URL(`/public/v2/executions/${id}.2/logs`, process.env["DEFER_ENDPOINT"]), {
      headers: { authorization: `Bearer ${process.env["DEFER_TOKEN"]}` },
    });
    expect(await logs.text()).toMatch(/^\{"time":"[^"]+","stream":"stdout","line":"call 2"\}\n$/);
  });
});

describe("awaitResult and asNextRoute", () => {
  it("wait for a value and an error", async () => {
    await Promise.all(
      [functions().echo(1), functions().explode({ why: "warm up" })].map(async (it) =>
        running.calls.ended((await it).id),
      ),
    );
    expect(await client.awaitResult(functions().echo)("now")).toBe("now");
    await expect(client.awaitResult(functions().explode)({ why: "hot" })).rejects.toThrow("hot");
  });

  it("answer a Next.js route", async () => {
    const { GetHandler, PostHandler } = client.asNextRoute(functions().echo);
    type NextRequest = Parameters<typeof PostHandler>[0];
    const post = new Request("http://next.test/api", { method: "POST", body: JSON.stringify([{ a: 1 }]) });
    const { id } = (await (await PostHandler(post as NextRequest)).json()) as { id: string };
    await reaches(id, "succeed");
    const get = (of: string) =>
      GetHandler(
        Object.assign(new Request("http://next.test/api"), {
          nextUrl: new URL(`http://next.test/?id=${of}`),
        }) as NextRequest,
      );
    expect(await (await get(id)).json()).toEqual({ id, state: "succeed", result: { a: 1 } });
    expect(await (await get(unknown)).json()).toMatchObject({ id: unknown, error: expect.stringContaining(unknown) });
  });
});

describe("deferErrorKind of examples/nextjs", () => {
  it("names the class of each error of the client by its message", async () => {
    const waiting = (await later()).id;
    const cancelled = (await later()).id;
    await client.cancelExecution(cancelled);
    const running = (await functions().endless()).id;
    await reaches(running, "started");
    await client.cancelExecution(running, true);
    const thrown = await Promise.all(
      [
        client.getExecution(unknown),
        client.cancelExecution(cancelled),
        client.cancelExecution(running, true),
        client.rescheduleExecution(cancelled),
        client.getExecutionResult(cancelled),
        client.getExecutionResult(waiting),
        client.listExecutions({ first: 0 }),
        client.defer(async function nobody() {})(),
      ].map((promise) =>
        promise.then(
          () => undefined,
          (error: Error) => error,
        ),
      ),
    );
    const endpoint = process.env["DEFER_ENDPOINT"];
    for (const unreachable of ["http://127.0.0.1:1", "nowhere"]) {
      process.env["DEFER_ENDPOINT"] = unreachable;
      thrown.push(
        await client.getExecution(unknown).then(
          () => undefined,
          (error: Error) => error,
        ),
      );
    }
    process.env["DEFER_ENDPOINT"] = endpoint;
    const classes = thrown.map((error) => error?.constructor.name);
    expect(thrown.map(deferErrorKind)).toEqual(classes);
    expect(new Set(classes).size).toBe(8);
    expect(deferErrorKind(new TypeError("other"))).toBeUndefined();
  });
});
