import { describe, expect, it } from "vitest";
import { pauseLaneOf } from "../../lambdas/core/lanes.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { pause, resume } from "../../lambdas/flows/pause.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";
import { aCreated, aNewId } from "../support/an-execution.ts";
import { memoryPorts } from "../support/memory-ports.ts";

function given(count: number, functionName = "importContacts") {
  const ports = memoryPorts(10_000);
  const { id: functionId } = ports.functions.get(functionName) ?? expect.unreachable();
  // The last is due first.
  const executions = Array.from({ length: count }, (_, index) =>
    aCreated({ id: aNewId(1, functionName), functionName, functionId, scheduledAtMs: 9_000 - index }),
  );
  for (const execution of executions) ports.executions.records.set(execution.id, execution);
  const take = (index: number) => claim(ports, messageOf(executions[index] ?? expect.unreachable()));
  const sent = () => ports.dispatcher.sent.map(({ message }) => message.executionId);
  const sweepNow = () => sweep({ ...ports, onError: (_, error) => expect(error).toBeUndefined() }, Infinity);
  return { ports, executions, take, sent, sweepNow };
}

describe("a paused function", () => {
  it("starts nothing, and after its resume what became due meanwhile, by due time", async () => {
    const { ports, executions, take, sent } = given(20);
    await pause(ports, "importContacts");
    for (const index of executions.keys()) expect(await take(index)).toEqual({ dropped: "parked" });
    expect([...ports.executions.records.values()].every(({ state }) => state === "created")).toBe(true);
    await resume(ports, "importContacts");
    expect(sent()).toEqual(executions.map(({ id }) => id).reverse());
    for (const index of executions.keys()) expect(await take(index)).toHaveProperty("claimed");
  });

  it("is left alone by the sweep, however long it is paused: nothing is lost, sent again or given up", async () => {
    const { ports, executions, take, sent, sweepNow } = given(3);
    await pause(ports, "importContacts");
    for (const index of executions.keys()) await take(index);
    for (let days = 0; days < 40; days++) {
      ports.clock.advance(86_400_000);
      await sweepNow();
    }
    expect(sent()).toEqual([]);
    expect([...ports.executions.records.values()].map(({ dispatches }) => dispatches)).toEqual([0, 0, 0]);
    await resume(ports, "importContacts");
    expect(sent()).toHaveLength(3);
  });

  it("is resumed by the sweep where the resume itself did not come to its end", async () => {
    const { ports, executions, take, sent, sweepNow } = given(3);
    await pause(ports, "importContacts");
    for (const index of executions.keys()) await take(index);
    await ports.pauses.resume(executions[0]?.functionId ?? "");
    await sweepNow();
    expect(sent()).toHaveLength(3);
    for (const index of executions.keys()) await take(index);
    await sweepNow();
    for (let shard = 0; shard < 4; shard++) {
      for await (const page of ports.lanes.marked(shard)) expect(page).toEqual([]);
    }
  });

  it("parks nothing for good that a runner parks after the resume, since it learned of it too late", async () => {
    const { ports, executions, take, sent } = given(1);
    const { isPaused } = ports.pauses;
    ports.pauses.isPaused = async (id, maxAgeMs) => maxAgeMs > 0 || isPaused(id, maxAgeMs);
    expect(await take(0)).toEqual({ dropped: "parked" });
    expect(sent()).toEqual(executions.map(({ id }) => id));
  });

  it("keeps what a runner parks again while it is woken, since it learned of the resume too late", async () => {
    const { ports, executions, take, sent } = given(1);
    const [first = expect.unreachable()] = executions;
    await pause(ports, "importContacts");
    await take(0);
    const { toFunction } = ports.dispatcher;
    ports.dispatcher.toFunction = async (message, options) => {
      ports.dispatcher.toFunction = toFunction;
      await toFunction(message, options);
      await ports.lanes.park(pauseLaneOf(first, ports.lanes.shards), message);
    };
    await resume(ports, "importContacts");
    expect(sent()).toEqual([first.id, first.id]);
  });

  it("with a queue in order is woken in order, one by one", async () => {
    const { ports, executions, take, sent } = given(12, "oneByOne");
    await pause(ports, "oneByOne");
    for (const index of executions.keys()) await take(index);
    await resume(ports, "oneByOne");
    expect(sent()).toEqual(executions.map(({ id }) => id).reverse());
  });

  it("is a function that is deployed", async () => {
    const { ports } = given(0);
    await expect(pause(ports, "__proto__")).rejects.toThrow("there is no function of this name");
    await expect(resume(ports, "gone")).rejects.toMatchObject({ kind: "not_found" });
  });
});
