import { describe, expect, it } from "vitest";
import { aNewId } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import { argumentsKey } from "../../lambdas/core/payload-keys.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { debounce } from "../../lambdas/flows/debounce.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { enqueueBatch } from "../../lambdas/flows/enqueue-batch.ts";

const functionName = "importContacts";
const NOW_MS = 100_000;

function given() {
  const ports = { ...memoryPorts(NOW_MS), random: () => 0.5 };
  const call = (value: unknown, more: { delayMs?: number; maxDelayMs?: number; key?: string; user?: string } = {}) => {
    const { delayMs = 10_000, maxDelayMs, key = "report", user = "1" } = more;
    const input = { functionName, arguments: JSON.stringify([value]), metadata: { user } };
    return debounce(ports, input, { key, delayMs, maxDelayMs });
  };
  const records = () => [...ports.executions.records.values()];
  const argumentOf = async (execution: Execution) =>
    (JSON.parse(await ports.payloads.read(execution.arguments, argumentsKey(execution))) as unknown[])[0];
  const start = async (execution: Execution) => claim(ports, messageOf(execution));
  return { ports, call, records, argumentOf, start };
}

describe("a debounced execution", () => {
  it("is due after the delay, and moved by each further call, whose arguments and metadata count", async () => {
    const { ports, call, records, argumentOf } = given();
    const first = await call("a");
    expect(first).toMatchObject({ isNew: true, execution: { scheduledAtMs: NOW_MS + 10_000, revision: 0 } });
    ports.clock.advance(4_000);
    const second = await call("b", { user: "2" });
    expect(second).toMatchObject({ isNew: false, execution: { scheduledAtMs: NOW_MS + 14_000, revision: 1 } });
    expect(second.execution.id).toBe(first.execution.id);
    expect(records()).toEqual([second.execution]);
    expect([await argumentOf(second.execution), second.execution.metadata]).toEqual(["b", { user: "2" }]);
    expect(ports.dispatcher.sent).toMatchObject([
      { delaySeconds: 10, message: { revision: 0 } },
      { delaySeconds: 10, message: { revision: 1 } },
    ]);
  });

  it("is one for each key and function", async () => {
    const { call, records } = given();
    for (const key of ["a", "b", "a#"]) expect(await call(1, { key })).toHaveProperty("isNew", true);
    expect(records()).toHaveLength(3);
  });

  it("is due no later than the greatest delay after the first call, whatever later calls say", async () => {
    const { ports, call } = given();
    const due = [];
    for (const maxDelayMs of [25_000, undefined, 60_000, 12_000]) {
      due.push((await call("x", maxDelayMs === undefined ? {} : { maxDelayMs })).execution.scheduledAtMs - NOW_MS);
      ports.clock.advance(8_000);
    }
    expect(due).toEqual([10_000, 18_000, 25_000, 12_000]);
  });

  it("is one, of a hundred calls at once, in any order of their steps, with the last arguments of them", async () => {
    const { ports, call, records, argumentOf } = given();
    let seed = 7;
    const disorder = async () => {
      seed = (seed * 48_271) % 0x7fffffff;
      for (let turns = seed % 13; turns > 0; turns--) await Promise.resolve();
    };
    const { get, apply, create } = ports.executions;
    const applied: string[] = [];
    Object.assign(ports.executions, {
      get: (id: never) => disorder().then(() => get(id)),
      create: (it: never) => disorder().then(() => create(it)),
      async apply(transition: Parameters<typeof apply>[0]) {
        await disorder();
        const result = await apply(transition);
        if (result === "applied") applied.push((transition.to.arguments as { inline: string }).inline);
        return result;
      },
    });
    ports.random = () => 0;
    const results = await Promise.all(Array.from({ length: 100 }, (_, index) => call(index)));
    const [execution = expect.unreachable(), ...others] = records();
    expect(others).toEqual([]);
    expect(results.filter(({ isNew }) => isNew)).toHaveLength(1);
    expect(new Set(results.map((it) => it.execution.id))).toEqual(new Set([execution.id]));
    expect(execution.revision).toBe(99);
    expect(JSON.stringify([await argumentOf(execution)])).toBe(applied.at(-1));
  });

  it("that has started is left alone, and a new one is made, also where it starts in that moment", async () => {
    const { ports, call, records, start, argumentOf } = given();
    const { execution: first } = await call("a");
    ports.clock.advance(10_000);
    const { apply } = ports.executions;
    ports.executions.apply = async (transition) => {
      ports.executions.apply = apply;
      await start(first);
      return apply(transition);
    };
    const { execution: second, isNew } = await call("b");
    expect([isNew, second.id === first.id]).toEqual([true, false]);
    const [started = expect.unreachable()] = records();
    expect([started.state, await argumentOf(started), await argumentOf(second)]).toEqual(["started", "a", "b"]);
    expect(await call("c")).toMatchObject({ isNew: false, execution: { id: second.id } });
  });

  it("keeps large arguments of its own, whoever loses, and lets those go that were replaced", async () => {
    const { ports, call, start, records, argumentOf } = given();
    const large = (letter: string) => letter.repeat(10_000);
    const { execution: first } = await call(large("a"));
    const { execution: moved } = await call(large("b"));
    expect(ports.payloads.expiring).toEqual(new Set([argumentsKey(first)]));
    ports.clock.advance(10_000);
    const { apply } = ports.executions;
    ports.executions.apply = async (transition) => {
      ports.executions.apply = apply;
      await start(moved);
      return apply(transition);
    };
    const { execution: second } = await call(large("c"));
    const [started = expect.unreachable()] = records();
    expect([await argumentOf(started), await argumentOf(second)]).toEqual([large("b"), large("c")]);
    expect(ports.payloads.expiring).not.toContain(argumentsKey(started));
    expect(ports.payloads.expiring).not.toContain(argumentsKey(second));
  });

  it("is new after a retry, a cancellation or an end", async () => {
    for (const changes of [{ attempt: 2 }, { state: "cancelled", finishedAtMs: 1 }] as const) {
      const { ports, call } = given();
      const { execution } = await call("a");
      ports.executions.records.set(execution.id, { ...execution, ...changes } as Execution);
      expect(await call("b")).toHaveProperty("isNew", true);
    }
  });

  it("is made by the next call, where the one that bound the key died; after two minutes under a new id", async () => {
    for (const [ageMs, isSame] of [
      [1_000, true],
      [120_000, false],
    ] as const) {
      const { ports, call } = given();
      const bound = { executionId: aNewId(1), createdAtMs: NOW_MS, expiresAtMs: NOW_MS + 3_600_000 };
      const { id } = ports.functions.get(functionName) ?? expect.unreachable();
      await ports.debounces.bind(id, "report", bound, undefined);
      ports.clock.advance(ageMs);
      const { execution, isNew } = await call("a");
      expect([isNew, execution.id === bound.executionId]).toEqual([true, isSame]);
    }
  });

  it("keeps its key until it is due, however often it is moved", async () => {
    const { ports, call, records } = given();
    const day = 86_400_000;
    for (let days = 0; days < 5; days++) {
      await call(days, { delayMs: 2 * day });
      ports.clock.advance(day);
    }
    const { id } = ports.functions.get(functionName) ?? expect.unreachable();
    const bound = await ports.debounces.get(id, "report");
    const twoWeeksMs = 14 * 86_400_000;
    expect(bound?.expiresAtMs).toBeGreaterThanOrEqual((records()[0]?.scheduledAtMs ?? Infinity) + twoWeeksMs);
  });

  it("of a batch is that of the last of its items", async () => {
    const { ports, records, argumentOf } = given();
    const items = ["a", "b", "c"].map((value) => ({
      input: { functionName, arguments: JSON.stringify([value]), metadata: {} },
      debounce: { key: "report", delayMs: 1_000 },
    }));
    const results = await enqueueBatch(ports, items);
    expect(results.map((it) => "isNew" in it && it.isNew)).toEqual([true, false, false]);
    expect(await Promise.all(records().map(argumentOf))).toEqual(["c"]);
  });
});
