import { describe, expect, it } from "vitest";
import { aCreated, anId } from "../../harness/an-execution.ts";
import type { Created } from "../../lambdas/core/execution.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";
import { memoryApi } from "../support/api.ts";

const v1 = "/public/v1";
const v2 = "/public/v2/executions";
const HOUR_MS = 3_600_000;
const inAnHour = new Date(10_000 + HOUR_MS).toISOString();
const call = { name: "importContacts", arguments: [] };

/** An API whose queues and timer refuse everything, with one execution that waits for the timer. */
function withoutDispatch() {
  const api = memoryApi();
  const { ports } = api;
  const { toFunction, toFire } = ports.dispatcher;
  const { set, clear } = ports.timer;
  const refuse = () => Promise.reject(new Error("throttled"));
  Object.assign(ports.dispatcher, { toFunction: refuse, toFire: refuse });
  Object.assign(ports.timer, { set: refuse, clear: refuse });
  ports.executions.records.set(anId, aCreated({ scheduledAtMs: 10_000 + HOUR_MS, recheckAtMs: 70_000 + HOUR_MS }));
  return {
    ...api,
    records: () => [...ports.executions.records.values()],
    send: (method: string, path: string, body: unknown) => api.call({ method, path, body: JSON.stringify(body) }),
    endOutage() {
      Object.assign(ports.dispatcher, { toFunction, toFire });
      Object.assign(ports.timer, { set, clear });
    },
  };
}

describe("an answer after the record is written", () => {
  it.each([
    ["enqueue", "PUT", v2, { function_name: call.name }, 201],
    ["enqueue far ahead", "PUT", v2, { function_name: call.name, schedule_for: inAnHour }, 201],
    ["enqueue in order", "PUT", v2, { function_name: "oneByOne" }, 201],
    ["re-run", "POST", `${v2}/${anId}/reruns`, {}, 200],
    ["reschedule to now", "PATCH", `${v2}/${anId}/schedule`, {}, 200],
    ["reschedule far ahead", "PATCH", `${v2}/${anId}/schedule`, { schedule_for: inAnHour }, 200],
    ["enqueue by version 1", "POST", `${v1}/enqueue`, call, 200],
    ["reschedule by version 1", "POST", `${v1}/executions/${anId}/reschedule`, {}, 200],
    ["reschedule by PATCH of version 1", "PATCH", `${v1}/executions/${anId}/schedule`, {}, 200],
  ] as const)(
    "is success when dispatch fails, and the next sweep dispatches: %s",
    async (_, method, path, body, status) => {
      const { send, ports, records, endOutage } = withoutDispatch();
      const known = new Set(records().map(({ version }) => version));
      expect(await send(method, path, body)).toMatchObject({ statusCode: status });
      const written = records().find(({ id, version }) => id !== anId || !known.has(version)) as Created;
      expect(written).toMatchObject({ state: "created", undispatched: true, recheckAtMs: 10_000, dispatches: 0 });
      expect(ports.problems).toContain("execution not dispatched");

      endOutage();
      ports.dispatcher.waiting = 1_000;
      await sweep({ ...ports, onError: () => {} }, Infinity);
      const { id, revision } = written;
      expect(ports.dispatcher.sent).toMatchObject([{ message: { executionId: id, revision } }]);
      expect(ports.executions.records.get(id)).toMatchObject({ dispatches: 0 });
      expect(ports.executions.records.get(id)).not.toHaveProperty("undispatched");
    },
  );

  it.each([
    ["cancel", `${v2}/${anId}/cancellation`],
    ["cancel by version 1", `${v1}/executions/${anId}/cancel`],
  ])("is success when the clean-up fails: %s", async (_, path) => {
    const { send, ports } = withoutDispatch();
    expect(await send("POST", path, {})).toMatchObject({ statusCode: 200 });
    expect(ports.executions.records.get(anId)).toMatchObject({ state: "cancelled" });
    expect(ports.problems).toEqual(["message not recalled"]);
  });

  it("is success when the mark for the sweep cannot be written either", async () => {
    const { send, ports } = withoutDispatch();
    ports.executions.apply = () => Promise.reject(new Error("throttled"));
    expect(await send("PUT", v2, { function_name: call.name })).toMatchObject({ statusCode: 201 });
    expect(ports.problems).toEqual(["execution not dispatched", "execution not marked as undispatched"]);
  });

  it("is success for the same Idempotency-Key again, and one execution", async () => {
    const { ports, records, ...api } = withoutDispatch();
    const headers = { authorization: "Bearer current", "content-type": "application/json", "idempotency-key": "key" };
    const again = () =>
      api.call({ method: "PUT", path: v2, headers, body: JSON.stringify({ function_name: call.name }) });
    const [first, second] = [await again(), await again()];
    expect([first.statusCode, second.statusCode]).toEqual([201, 201]);
    expect(records()).toHaveLength(2);
  });
});
