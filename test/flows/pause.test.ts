import { describe, expect, it } from "vitest";
import { aCreated, aNewId } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { DeployedFunction } from "../../lambdas/core/functions.ts";
import { newExecutionId } from "../../lambdas/core/ids.ts";
import { type Lane, pauseLaneOf } from "../../lambdas/core/lanes.ts";
import type { DueMessage, Lanes } from "../../lambdas/core/ports.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { pause, resume } from "../../lambdas/flows/pause.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";
import { workJob } from "../../lambdas/flows/work-job.ts";

type ParkedMessage = Awaited<ReturnType<Lanes["parked"]>>[number];

/** `lanes`, with so many messages parked for a paused function. Reads are quick, however many there are. */
function inOrder(lanes: Lanes, { id: functionId, name: functionName }: DeployedFunction, count: number) {
  const execution = aCreated({ functionId, functionName });
  const parked = new Map<string, Map<number, ParkedMessage>>();
  for (let scheduledAtMs = 0; scheduledAtMs < count; scheduledAtMs++) {
    const executionId = newExecutionId(1, crypto.getRandomValues(new Uint8Array(16)), functionId);
    const { name } = pauseLaneOf({ ...execution, id: executionId }, lanes.shards);
    const queue = parked.get(name) ?? new Map<number, ParkedMessage>();
    queue.set(scheduledAtMs, { executionId, revision: 0, functionName, scheduledAtMs, parking: "" });
    parked.set(name, queue);
  }
  let reads = 0;
  return {
    ...lanes,
    reads: () => reads,
    mark: async () => "marked",
    async parked({ name }: Lane, limit: number) {
      reads++;
      const found: ParkedMessage[] = [];
      for (const message of parked.get(name)?.values() ?? []) {
        if (found.length === limit) break;
        found.push(message);
      }
      return found;
    },
    unpark: async ({ name }: Lane, { scheduledAtMs }: DueMessage) => parked.get(name)?.delete(scheduledAtMs) ?? false,
  };
}

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
  const sweepNow = () => sweep({ ...ports, onError: (...problem) => expect(problem).toBeUndefined() }, Infinity);
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

  it("starts what a runner takes that has not learned of the resume yet", async () => {
    const { ports, take, sent } = given(1);
    const { isPaused } = ports.pauses;
    ports.pauses.isPaused = async (id, maxAgeMs) => maxAgeMs > 0 || isPaused(id, maxAgeMs);
    expect(await take(0)).toHaveProperty("claimed");
    expect(sent()).toEqual([]);
  });

  it("parks nothing for good that a runner parks right after the resume", async () => {
    const { ports, executions, take, sent } = given(1);
    await pause(ports, "importContacts");
    const { park } = ports.lanes;
    ports.lanes.park = async (lane, message) => {
      await resume(ports, "importContacts");
      await park(lane, message);
    };
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

  it("sends a hundred thousand in steps of some hundred, a second apart, each once and by due time", async () => {
    const count = 100_000;
    const base = memoryPorts(1_000_000);
    const deployed = base.functions.get("perCustomer") ?? expect.unreachable();
    const lanes = inOrder(base.lanes, deployed, count);
    const ports = { ...base, lanes };
    const { sent } = base.dispatcher;
    await resume(ports, deployed.name);
    const steps = [{ sent: sent.length, atMs: ports.clock.now() }];
    for (let job = await ports.jobs.get(deployed.id); job?.recheckAtMs !== undefined; ) {
      ports.clock.advance(Math.max(0, job.stepAtMs - ports.clock.now()));
      steps.push({ sent: -sent.length, atMs: ports.clock.now() });
      const worked = await workJob(ports, { jobId: job.id, step: job.step }, false);
      Object.assign(steps.at(-1) ?? {}, { sent: (steps.at(-1)?.sent ?? 0) + sent.length });
      job = "worked" in worked ? worked.worked : expect.unreachable();
    }
    expect(steps.reduce((sum, step) => sum + step.sent, 0)).toBe(count);
    expect(Math.max(...steps.map((step) => step.sent))).toBeLessThanOrEqual(500);
    for (const [index, { atMs }] of steps.entries()) {
      if (index > 0) expect(atMs - (steps[index - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
    }
    const due = sent.map(({ message }) => message.scheduledAtMs);
    expect(due).toEqual(Array.from({ length: count }, (_, index) => index));
    // Pages of fifty of each lane, and few looks beside: the reads do not grow with what is parked.
    expect(lanes.reads()).toBeLessThan((5 * count * lanes.shards) / 50);
  });

  it("is a function that is deployed", async () => {
    const { ports } = given(0);
    await expect(pause(ports, "__proto__")).rejects.toThrow("there is no function of this name");
    await expect(resume(ports, "gone")).rejects.toMatchObject({ kind: "not_found" });
  });
});
