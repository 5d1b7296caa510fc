import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { memoryApi } from "../support/api.ts";

const path = "/public/v2/executions/batch";
const item = (n: unknown, more: object = {}) => ({ function_name: "importContacts", function_arguments: [n], ...more });

type Result = { execution: { id: ExecutionId } } | { error: { error: string; message: string } };

function given(ports = memoryPorts()) {
  const lines: object[] = [];
  const api = memoryApi({ ...ports, log: (entry, metrics) => void lines.push({ ...entry, ...metrics }) });
  const post = (body: unknown) => api.call({ method: "POST", path, body: JSON.stringify(body) });
  return {
    ...api,
    lines,
    post,
    async batch(executions: unknown[]) {
      const response = await post({ executions });
      expect(response.statusCode).toBe(200);
      return response.json()["data"] as Result[];
    },
  };
}

const idOf = (result: Result | undefined) => (result && "execution" in result ? result.execution.id : undefined);

describe("a batch", () => {
  it("enqueues all, and answers in their order", async () => {
    const { batch, ports, lines } = given();
    const results = await batch(Array.from({ length: 100 }, (_, n) => item(n, { metadata: { n: String(n) } })));
    const texts = results.map((result) => ports.executions.records.get(idOf(result) ?? "")?.arguments);
    expect(texts).toEqual(Array.from({ length: 100 }, (_, n) => ({ inline: `[${n}]` })));
    expect(ports.dispatcher.sent).toHaveLength(100);
    expect(lines).toContainEqual(expect.objectContaining({ route: `POST ${path}`, enqueued: 100 }));
  });

  it("debounces its items in their order, and refuses what goes without it", async () => {
    const { batch, ports, lines } = given();
    const how = { debounce: { key: "k", delaySeconds: 5 } };
    const results = await batch([
      item(1, how),
      item(2, how),
      item(3, { ...how, idempotency_key: "a" }),
      item(4, { ...how, schedule_for: "2026-11-29T12:00:00Z" }),
    ]);
    expect(idOf(results[0])).toBe(idOf(results[1]));
    expect(ports.executions.records.get(idOf(results[0]) ?? "")?.arguments).toEqual({ inline: "[2]" });
    expect(ports.executions.records.size).toBe(1);
    expect(results.slice(2)).toEqual([
      { error: { error: "bad_request", message: "idempotency_key: goes without debounce" } },
      { error: { error: "bad_request", message: "schedule_for: goes without debounce, which sets the time itself" } },
    ]);
    expect(lines).toContainEqual(expect.objectContaining({ route: `POST ${path}`, enqueued: 1 }));
  });

  it("writes and sends with one call each what has no idempotency key", async () => {
    const ports = memoryPorts();
    const calls: string[] = [];
    for (const port of [ports.executions, ports.dispatcher] as unknown as Record<string, () => Promise<unknown>>[]) {
      for (const [name, method] of Object.entries(port)) {
        if (typeof method !== "function") continue;
        port[name] = (...args: []) => {
          calls.push(name);
          return method.apply(port, args);
        };
      }
    }
    await given(ports).batch([item(1), item(2), { function_name: "oneByOne" }]);
    expect(calls).toEqual(["createMany", "sendMany"]);
  });

  it("sends each where it belongs", async () => {
    const { batch, ports } = given();
    const inMs = (ms: number) => new Date(10_000 + ms).toISOString();
    const results = await batch([
      item(1),
      { function_name: "oneByOne" },
      { function_name: "oneByOne", schedule_for: inMs(60_000) },
      item(2, { schedule_for: inMs(60_000) }),
      item(3, { schedule_for: inMs(3_600_000) }),
    ]);
    const sent = new Map(ports.dispatcher.sent.map(({ to, message }) => [message.executionId, to]));
    expect(results.map((result) => sent.get(idOf(result) as ExecutionId))).toEqual([
      "function",
      "function",
      "fire",
      "function",
      "timer",
    ]);
  });

  it("refuses bad items, each with what is wrong, and enqueues the others", async () => {
    const { batch, ports } = given();
    const results = await batch([
      item(1),
      item(2, { function_name: "missing" }),
      item(3, { schedule_for: "2026-02-30T00:00:00Z" }),
      null,
      item(4, { more: 1 }),
      item(5, { idempotency_key: "é" }),
      item(6),
    ]);
    expect(results.map((result) => ("error" in result ? result.error : "enqueued"))).toEqual([
      "enqueued",
      { error: "bad_request", message: expect.stringContaining('cannot find function "missing"') as string },
      { error: "bad_request", message: expect.stringMatching(/^schedule_for: must be/) as string },
      { error: "bad_request", message: "it must be a JSON object" },
      { error: "bad_request", message: "unknown field more" },
      { error: "bad_request", message: "idempotency_key: must be printable ASCII" },
      "enqueued",
    ]);
    expect(ports.executions.records.size).toBe(2);
    expect(ports.dispatcher.sent).toHaveLength(2);
  });

  it("gives one execution for one idempotency key, also within the batch and with a single enqueue", async () => {
    const { batch, call, ports } = given();
    const keyed = item(1, { idempotency_key: "k" });
    const [first, second, other, free] = await batch([keyed, keyed, item(2, { idempotency_key: "k" }), item(1)]);
    expect(idOf(first)).toBeDefined();
    expect(idOf(second)).toBe(idOf(first));
    expect(other).toMatchObject({ error: { error: "conflict" } });
    expect(idOf(free)).not.toBe(idOf(first));
    expect((await batch([keyed])).map(idOf)).toEqual([idOf(first)]);
    const headers = { authorization: "Bearer current", "content-type": "application/json", "idempotency-key": "k" };
    const single = await call({
      method: "PUT",
      path: "/public/v2/executions",
      headers,
      body: JSON.stringify(item(1)),
    });
    expect(single.json()).toMatchObject({ data: { id: idOf(first) } });
    expect(ports.executions.records.size).toBe(2);
  });

  it("tells the items that could not be written from the others, and no cloud error", async () => {
    const ports = memoryPorts();
    const { createMany } = ports.executions;
    ports.executions.createMany = async ([lost, ...others]) => {
      await createMany(others);
      return lost === undefined ? new Map() : new Map([[lost.id, new Error("arn:aws:dynamodb refused")]]);
    };
    const { batch, lines } = given(ports);
    const results = await batch([item(1), item(2)]);
    expect(results).toMatchObject([{ error: { error: "internal" } }, { execution: { state: "created" } }]);
    expect(JSON.stringify(results)).not.toContain("arn:aws");
    expect(ports.dispatcher.sent.map(({ message }) => message.executionId)).toEqual([idOf(results[1])]);
    expect(JSON.stringify(lines)).toContain("arn:aws:dynamodb refused");
  });

  it("is a success when nothing can be sent: what is written will run", async () => {
    const ports = memoryPorts();
    ports.dispatcher.sendMany = () => Promise.reject(new Error("throttled"));
    const results = await given(ports).batch([item(1), item(2)]);
    for (const result of results) {
      expect(ports.executions.records.get(idOf(result) ?? "")).toMatchObject({ undispatched: true });
    }
  });

  it.each([
    [undefined, /^the body must be a JSON object$/],
    [{}, /^executions: must be an array$/],
    [{ executions: {} }, /^executions: must be an array$/],
    [{ executions: Array(101).fill(item(1)) }, /^executions: must have 100 values at most$/],
    [{ executions: [], page: {} }, /^unknown field page$/],
  ])("of the wrong shape is refused whole: %#", async (body, message) => {
    const { post, ports } = given();
    const response = await post(body);
    expect(response.statusCode).toBe(400);
    expect(response.json()["message"]).toMatch(message);
    expect(ports.executions.records.size).toBe(0);
  });

  it("may be empty", async () => {
    expect(await given().batch([])).toEqual([]);
  });

  it("answers each item as if it had been sent alone, whatever it is", async () => {
    const anything = fc.oneof(
      fc.anything({ withNullPrototype: false }).filter((value) => JSON.stringify(value) !== undefined),
      fc.record(
        { function_name: fc.constantFrom("importContacts", "nope", "__proto__"), metadata: fc.jsonValue() },
        { requiredKeys: ["function_name"] },
      ),
      fc.record({ function_name: fc.constant("oneByOne"), schedule_for: fc.string(), discard_after: fc.jsonValue() }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(anything, { maxLength: 8 }), async (items) => {
        const { batch, call, ports } = given();
        const sent = items.map((each) => JSON.stringify(each));
        const results = await batch(items);
        const isEnqueued = await Promise.all(
          sent.map(
            async (body) => (await call({ method: "PUT", path: "/public/v2/executions", body })).statusCode === 201,
          ),
        );
        expect(results.map((result) => "execution" in result)).toEqual(isEnqueued);
        expect(ports.executions.records.size).toBe(2 * isEnqueued.filter(Boolean).length);
      }),
      { numRuns: 30 },
    );
  });
});
