import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { checkedFetch } from "../../harness/openapi.ts";
import { until } from "../../harness/until.ts";

// @defer/client 1.15.0, as it is on npm.

let running: RunningCloud;
let client: typeof import("@defer/client-1");

beforeAll(async () => {
  running = await aCloud({ dynamodb: "dynalite" });
  const environment = { DEFER_ENDPOINT: running.cloud.apiEndpoint, DEFER_TOKEN: running.token };
  Object.assign(process.env, environment);
  globalThis.fetch = checkedFetch(environment.DEFER_ENDPOINT, globalThis.fetch);
  client = await import("@defer/client-1");
});

afterAll(() => running[Symbol.asyncDispose]());

const echo = () =>
  client.defer(async function echo(value: unknown) {
    return value;
  });
const ended = (id: string) =>
  until(
    () => client.getExecution(id),
    ({ state }) => state !== "created" && state !== "started",
  );

describe("@defer/client 1.15.0", () => {
  it("enqueues and gets, results and errors within", async () => {
    const { id } = await client.assignOptions(echo(), { metadata: { user: "1" } })({ a: 1 });
    expect(await ended(id)).toEqual({ id, state: "succeed", result: { a: 1 } });
    expect(await client.getExecutionTries(id)).toEqual([{ id: `${id}.1`, state: "succeed" }]);
    const explode = client.defer(async function explode(_reason: unknown) {});
    const failed = await explode({ why: "hot" });
    expect(await ended(failed.id)).toMatchObject({ state: "failed", result: { message: "hot" } });
  });

  it("cancels, also what runs", async () => {
    const { id } = await client.assignOptions(echo(), { delay: "5 min" })(1);
    expect(await client.cancelExecution(id)).toEqual({});
    expect(await client.getExecution(id)).toEqual({ id, state: "cancelled" });
    await expect(client.cancelExecution(id)).rejects.toThrow("cannot cancel execution in cancelled state");
    const endless = await client.defer(async function endless() {})();
    await until(
      () => client.getExecution(endless.id),
      ({ state }) => state === "started",
    );
    await client.cancelExecution(endless.id, true);
    expect(
      await until(
        () => client.getExecution(endless.id),
        ({ state }) => state === "aborted",
      ),
    ).toMatchObject({});
  });

  it("reschedules", async () => {
    const { id } = await client.assignOptions(echo(), { delay: "5 min" })("now");
    await client.rescheduleExecution(id, "10 min");
    expect(await client.getExecution(id)).toEqual({ id, state: "created" });
    await client.rescheduleExecution(id, new Date());
    expect(await ended(id)).toMatchObject({ state: "succeed", result: "now" });
  });

  it("says what is not there", async () => {
    await expect(client.getExecution("01939a3c-0000-7000-8000-00000000abcd")).rejects.toThrow("cannot find execution");
  });
});
