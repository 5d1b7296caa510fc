import fc from "fast-check";
import { expect } from "vitest";
import { isRunning } from "../../lambdas/core/execution.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { finish } from "../../lambdas/flows/finish.ts";
import type { memoryApi } from "../support/api.ts";
import { change, deliver, end, type Known, type Model } from "./model.ts";

export type Real = ReturnType<typeof memoryApi>;
type Command = fc.AsyncCommand<Model, Real>;

const path = "/public/v2/executions";
const timestamp = (ms: number) => new Date(ms).toISOString();

async function send(real: Real, method: string, url: string, body?: unknown) {
  const response = await real.call({ method, path: url, ...(body !== undefined && { body: JSON.stringify(body) }) });
  return { status: response.statusCode, json: response.body ? response.json() : {} };
}

/** A command on the execution number `index`, counted round. */
function on(index: number, run: (known: Known, model: Model, real: Real) => Promise<void>, name: string): Command {
  return {
    check: ({ executions }) => executions.length > 0,
    run: (model, real) => run(model.executions[index % model.executions.length] as Known, model, real),
    toString: () => `${name}(${index})`,
  };
}

function expectShape(shown: unknown, known: Known): void {
  expect(shown).toMatchObject({
    id: known.id,
    state: known.state,
    function_name: known.functionName,
    scheduled_at: timestamp(known.scheduledAtMs),
    attempt: known.attempts.length,
    metadata: known.metadata,
    ...(known.rerunOf !== undefined && { rerun_of: known.rerunOf }),
  });
}

const enqueue = (
  functionName: string,
  delayMs: number,
  discardMs: number | undefined,
  given: Record<string, string>,
): Command => ({
  check: () => true,
  async run(model, real) {
    const scheduledAtMs = model.nowMs + delayMs;
    const metadata = { ...given, run: model.runId };
    const discardAfterMs = discardMs === undefined ? undefined : model.nowMs + discardMs;
    const { status, json } = await send(real, "PUT", path, {
      function_name: functionName,
      schedule_for: timestamp(scheduledAtMs),
      ...(discardAfterMs !== undefined && { discard_after: timestamp(discardAfterMs) }),
      metadata,
    });
    expect(status).toBe(201);
    const { id } = json["data"] as { id: ExecutionId };
    const known = {
      id,
      functionName,
      state: "created",
      scheduledAtMs,
      discardAfterMs,
      metadata,
      attempts: ["created"],
    };
    model.executions.push(known);
    expectShape(json["data"], known);
  },
  toString: () => `enqueue(${functionName}, ${delayMs}, ${discardMs}, ${JSON.stringify(given)})`,
});

const reschedule = (index: number, delayMs: number) =>
  on(
    index,
    async (known, model, real) => {
      const scheduledAtMs = model.nowMs + delayMs;
      const url = `${path}/${known.id}/schedule`;
      const { status, json } = await send(real, "PATCH", url, { schedule_for: timestamp(scheduledAtMs) });
      expect(status).toBe(known.state === "created" ? 200 : 409);
      if (status !== 200) return;
      known.scheduledAtMs = scheduledAtMs;
      expectShape(json["data"], known);
    },
    `reschedule by ${delayMs}`,
  );

const cancel = (index: number, force: boolean) =>
  on(
    index,
    async (known, _model, real) => {
      const { status } = await send(real, "POST", `${path}/${known.id}/cancellation`, { force });
      if (known.state === "created") {
        expect(status).toBe(200);
        change(known, "cancelled");
      } else if (known.state === "started" && force) {
        expect(status).toBe(200);
        change(known, "aborting");
      } else expect(status).toBe(known.state === "aborting" ? 202 : 409);
    },
    force ? "abort" : "cancel",
  );

const rerun = (index: number) =>
  on(
    index,
    async (known, model, real) => {
      const { status, json } = await send(real, "POST", `${path}/${known.id}/reruns`);
      expect(status).toBe(200);
      const { id } = json["data"] as { id: ExecutionId };
      const { functionName, metadata } = known;
      const again = {
        id,
        functionName,
        metadata,
        state: "created",
        scheduledAtMs: model.nowMs,
        rerunOf: known.id,
        attempts: ["created"],
      };
      model.executions.push(again);
      expectShape(json["data"], again);
    },
    "rerun",
  );

/** Delivers a message of an execution twice at once: only the newest can make it start, and only once. */
const run = (index: number, age: number) =>
  on(
    index,
    async (known, model, { ports }) => {
      // The runner would wait for the rest of a second.
      if (model.nowMs < known.scheduledAtMs && model.nowMs >= known.scheduledAtMs - 1_000) return;
      const messages = ports.dispatcher.sent
        .map(({ message }) => message)
        .filter(({ executionId }) => executionId === known.id)
        .sort((a, b) => b.revision - a.revision);
      const message = messages[age % messages.length] as (typeof messages)[number];
      const before = known.state;
      if (message.revision === messages[0]?.revision) deliver(known, model.nowMs);
      const claimNow = () => claim(ports, message);
      const claims = await Promise.all([claimNow(), claimNow()]);
      const isStarted = before === "created" && known.state === "started";
      expect(claims.filter((result) => "claimed" in result)).toHaveLength(isStarted ? 1 : 0);
    },
    `run message ${age} of`,
  );

const finishAttempt = (index: number, isGood: boolean) =>
  on(
    index,
    async (known, model, { ports }) => {
      const execution = await ports.executions.get(known.id);
      if (execution === undefined || !isRunning(execution)) return expect(known.state).not.toMatch(/started|aborting/);
      const failure = { name: "Error", message: "no", stack: "" };
      await finish(ports, execution, {
        outcome: isGood ? { state: "succeed", result: "1" } : { state: "failed", errorCode: "ER0000", error: failure },
        logs: "",
      });
      end(known, isGood, model.nowMs, ports.retry.initialIntervalSeconds * 1000);
    },
    isGood ? "succeed" : "fail",
  );

const look = (index: number) =>
  on(
    index,
    async (known, _model, real) => {
      expectShape((await send(real, "GET", `${path}/${known.id}`)).json["data"], known);
      const attempts = (await send(real, "GET", `${path}/${known.id}/attempts`)).json["data"] as {
        id: string;
        state: string;
      }[];
      expect(attempts.map(({ state }) => state).reverse()).toEqual(known.attempts);
      for (const { id, state } of attempts) {
        expect((await send(real, "GET", `${path}/${id}`)).json["data"]).toMatchObject({ id, state });
      }
    },
    "look",
  );

const advance = (ms: number): Command => ({
  check: () => true,
  async run(model, { ports }) {
    model.nowMs += ms;
    ports.clock.advance(ms);
  },
  toString: () => `advance(${ms})`,
});

interface ListRequest {
  states: string[];
  type: string | undefined;
  functionName: string | undefined;
}

const list = (request: ListRequest, limit: number, isBackwards: boolean): Command => ({
  check: () => true,
  async run({ executions, runId }, real) {
    const expected = executions
      .filter(({ state }) => request.states.length === 0 || request.states.includes(state))
      .filter(({ metadata }) => request.type === undefined || metadata["type"] === request.type)
      .filter(({ functionName }) => request.functionName === undefined || functionName === request.functionName)
      .map(({ id }) => id)
      .sort()
      .reverse();
    const pairs = [
      { key: "run", values: [runId] },
      ...(request.type === undefined ? [] : [{ key: "type", values: [request.type] }]),
    ];
    const functions = request.functionName === undefined ? [] : [real.ports.functions.get(request.functionName)?.id];
    const filters = { states: request.states, function_ids: functions, metadata: pairs };
    const found: string[] = [];
    for (let cursor: string | undefined, isMore = true; isMore; ) {
      const page = isBackwards ? { last: limit, before: cursor } : { first: limit, after: cursor };
      const { status, json } = await send(real, "POST", path, { filters, page });
      expect(status).toBe(200);
      const ids = (json["data"] as { id: string }[]).map(({ id }) => id);
      const info = json["page_info"] as Record<string, unknown>;
      found.push(...(isBackwards ? ids.reverse() : ids));
      isMore = info[isBackwards ? "has_prev_page" : "has_next_page"] as boolean;
      cursor = info[isBackwards ? "start_cursor" : "end_cursor"] as string | undefined;
    }
    expect(found).toEqual(isBackwards ? expected.reverse() : expected);
  },
  toString: () => `list(${JSON.stringify(request)}, ${limit}, ${isBackwards ? "backwards" : "forwards"})`,
});

/** All that can happen, at random. */
export function commands(): fc.Arbitrary<fc.AsyncCommand<Model, Real>>[] {
  const index = fc.nat(20);
  const delay = fc.constantFrom(-5_000, 0, 2_000, 60_000);
  const functionName = fc.constantFrom("importContacts", "oneByOne");
  const type = fc.constantFrom("a", "b");
  const metadata = fc.record({ type }, { requiredKeys: [] });
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const request = fc.record({
    states: fc.subarray(["created", "started", "aborting", "succeed", "failed", "cancelled", "aborted", "discarded"]),
    type: optional(type),
    functionName: optional(functionName),
  });
  return [
    fc
      .tuple(functionName, delay, optional(fc.constantFrom(-1_000, 5_000, 90_000)), metadata)
      .map((args) => enqueue(...args)),
    fc.tuple(index, delay).map((args) => reschedule(...args)),
    fc.tuple(index, fc.boolean()).map((args) => cancel(...args)),
    index.map(rerun),
    fc.tuple(index, fc.constantFrom(0, 0, 0, 1, 2)).map((args) => run(...args)),
    fc.tuple(index, fc.constantFrom(0, 0, 0, 1, 2)).map((args) => run(...args)),
    fc.tuple(index, fc.boolean()).map((args) => finishAttempt(...args)),
    fc.constantFrom(1, 2_000, 30_000, 60_000).map(advance),
    index.map(look),
    fc.tuple(request, fc.integer({ min: 1, max: 4 }), fc.boolean()).map((args) => list(...args)),
  ];
}
