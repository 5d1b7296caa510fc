import { beforeEach, describe, expect, it } from "vitest";
import { aCreated, aNewId } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { Created, Running } from "../../lambdas/core/execution.ts";
import { type ExecutionId, functionId } from "../../lambdas/core/ids.ts";
import type { Lane } from "../../lambdas/core/lanes.ts";
import { LEASE_MS } from "../../lambdas/core/limits.ts";
import { cancel } from "../../lambdas/flows/cancel.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { finish } from "../../lambdas/flows/finish.ts";
import { handOver } from "../../lambdas/flows/lanes.ts";
import { reschedule } from "../../lambdas/flows/reschedule.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";

const functionName = "perCustomer";
const acme: Lane = { functionId: functionId(functionName), functionName, name: "customer=acme" };

describe("a lane of two slots", () => {
  let ports: ReturnType<typeof memoryPorts>;
  beforeEach(() => {
    ports = memoryPorts(10_000);
  });

  const given = (changes: Partial<Created> = {}): Created => {
    const own = { functionName, functionId: acme.functionId, metadata: { customer: "acme" } };
    const execution = aCreated({ id: aNewId(ports.clock.now(), functionName), ...own, ...changes });
    ports.executions.records.set(execution.id, execution);
    return execution;
  };
  const get = (id: ExecutionId) => ports.executions.records.get(id);
  const take = (execution: Created) => claim(ports, messageOf(execution));
  const start = async (execution: Created) => {
    const result = await take(execution);
    if (!("claimed" in result)) throw new Error(JSON.stringify(result));
    return result.claimed;
  };
  const end = (running: Awaited<ReturnType<typeof start>>) =>
    finish(ports, running, { outcome: { state: "succeed", result: "1" }, logs: "" });
  const sweepNow = () => sweep({ ...ports, onError: (...problem) => expect(problem).toBeUndefined() }, Infinity);
  const sent = () => ports.dispatcher.sent.map(({ message }) => message.executionId);
  const parkedNow = async () => (await ports.lanes.parked(acme, 100)).map(({ executionId }) => executionId);
  const slotOf = ({ id, attempt, revision }: Created) => ({
    number: 0,
    executionId: id,
    attempt,
    revision,
    untilMs: 0,
  });
  /** Leaves the lane as something does that was parked and taken out. */
  const markLane = async () => {
    const message = messageOf(aCreated({ id: aNewId(1, functionName), functionName }));
    await ports.lanes.park(acme, message);
    await ports.lanes.unpark(acme, message);
  };

  it("is given back the second slot of an execution whose message came twice at once, when it starts", async () => {
    const execution = given();
    for (const number of [0, 1]) {
      await ports.lanes.take(acme, { ...slotOf(execution), number, untilMs: 20_000 }, undefined);
    }
    const running = await start(execution);
    expect(await ports.lanes.slots(acme)).toMatchObject([{ number: running.slot, executionId: execution.id }]);
  });

  it("runs two at once, and parks the others by due time", async () => {
    await start(given());
    await start(given());
    const late = given({ scheduledAtMs: 9_000 });
    const early = given({ scheduledAtMs: 8_000 });
    expect([await take(late), await take(early)]).toEqual([{ dropped: "parked" }, { dropped: "parked" }]);
    expect(await parkedNow()).toEqual([early.id, late.id]);
    expect(get(early.id)).toMatchObject({ state: "created", parkedIn: acme.name });
    expect(await start(given({ metadata: { customer: "other" } }))).toHaveProperty("slot");
  });

  it("is one lane for all that lack the key", async () => {
    const [first, second, third] = [{}, { other: "acme" }, {}].map((metadata) => given({ metadata }));
    await start(first as Created);
    await start(second as Created);
    expect(await take(third as Created)).toEqual({ dropped: "parked" });
  });

  it("hands a slot that comes free to the first, which starts in it", async () => {
    const running = await start(given());
    await start(given());
    const [second, first] = [given({ scheduledAtMs: 9_000 }), given({ scheduledAtMs: 8_000 })];
    await take(second);
    await take(first);
    await end(running);
    expect(sent()).toEqual([first.id]);
    expect(await parkedNow()).toEqual([second.id]);
    expect(await start(first)).toMatchObject({ slot: running.slot });
    expect(get(first.id)).not.toHaveProperty("parkedIn");
  });

  it("lets nobody overtake what is parked", async () => {
    const running = await start(given());
    await start(given());
    const first = given({ scheduledAtMs: 8_000 });
    await take(first);
    await end(running);
    const later = given({ scheduledAtMs: 9_000 });
    expect(await take(later)).toEqual({ dropped: "parked" });
    expect(await start(first)).toMatchObject({ state: "started" });
  });

  it("hands over once, however many do it at once", async () => {
    const [a, b] = [await start(given()), await start(given())];
    const waiting = [1, 2, 3, 4].map((ms) => given({ scheduledAtMs: ms }));
    for (const execution of waiting) await take(execution);
    await Promise.all([end(a), end(b)]);
    await Promise.all([1, 2, 3, 4].map(() => handOver(ports, acme)));
    expect(sent().sort()).toEqual(
      waiting
        .slice(0, 2)
        .map(({ id }) => id)
        .sort(),
    );
    expect(await ports.lanes.slots(acme)).toHaveLength(2);
    expect(await parkedNow()).toEqual(waiting.slice(2).map(({ id }) => id));
  });

  it("skips cancelled and postponed executions, whose items are gone", async () => {
    const running = await start(given());
    await start(given());
    const [cancelled, moved, last] = [1, 2, 3].map((ms) => given({ scheduledAtMs: ms })) as [Created, Created, Created];
    for (const execution of [cancelled, moved, last]) await take(execution);
    await cancel(ports, { executionId: cancelled.id }, false);
    await reschedule(ports, { executionId: moved.id }, 99_000);
    expect(await parkedNow()).toEqual([last.id]);
    ports.dispatcher.sent.length = 0;
    await end(running);
    expect(sent()).toEqual([last.id]);
    expect(get(moved.id)).not.toHaveProperty("parkedIn");
  });

  it("frees the slot that was handed to an execution which was cancelled meanwhile", async () => {
    const running = await start(given());
    await start(given());
    const [first, second] = [given({ scheduledAtMs: 1 }), given({ scheduledAtMs: 2 })];
    await take(first);
    await take(second);
    await end(running);
    await cancel(ports, { executionId: first.id }, false);
    expect(await take(first)).toEqual({ dropped: "stale" });
    expect(sent()).toEqual([first.id, second.id]);
  });

  it("is recovered by the sweep: what a crash left parked is handed over, and the mark goes with the last", async () => {
    const running = await start(given());
    await start(given());
    const parked = given();
    await take(parked);
    const { free } = ports.lanes;
    ports.lanes.free = () => Promise.reject(new Error("crash"));
    await end(running);
    ports.lanes.free = free;
    expect(ports.problems).toEqual(["slot not released"]);
    expect(sent()).toEqual([]);
    // Its attempt has ended, so its lease does not count.
    await sweepNow();
    expect(sent()).toEqual([parked.id]);
    await end(await start(parked));
    await sweepNow();
    expect(await ports.lanes.mark(acme)).toBeUndefined();
  });

  it("sends again what was handed a slot and never came for it", async () => {
    const running = await start(given());
    await start(given());
    const parked = given();
    await take(parked);
    await end(running);
    expect(sent()).toEqual([parked.id]);
    ports.clock.advance(LEASE_MS + 60_000);
    await sweepNow();
    expect(sent().filter((id) => id === parked.id)).toHaveLength(2);
    expect(get(parked.id)).toMatchObject({ state: "created", dispatches: 0 });
  });

  it.each([
    ["its function is resumed", "pause#1"],
    ["it is deployed with another key", "region=eu"],
  ])("does not free the slot of what is about to be claimed, once %s", async (_, parkedIn) => {
    const woken = given({ parkedIn });
    const others = [given(), given()];
    await markLane();
    const { apply } = ports.executions;
    ports.executions.apply = async (transition) => {
      if (transition.to.id === woken.id) {
        ports.executions.apply = apply;
        await sweepNow();
        for (const other of others) await take(other);
      }
      return apply(transition);
    };
    expect(await start(woken)).toMatchObject({ state: "started" });
    const running = [...ports.executions.records.values()].filter(({ state }) => state === "started");
    expect(running).toHaveLength(2);
    expect(await ports.lanes.slots(acme)).toHaveLength(2);
  });

  it("frees the slot of what is parked for a pause instead, once its lease is over, and does not send it", async () => {
    const paused = given({ parkedIn: "pause#1" });
    await ports.lanes.park({ ...acme, name: "pause#1" }, messageOf(paused));
    ports.pauses.isPaused = async () => true;
    await markLane();
    await ports.lanes.take(acme, { ...slotOf(paused), untilMs: ports.clock.now() + LEASE_MS }, undefined);
    await sweepNow();
    expect(await ports.lanes.slots(acme)).toHaveLength(1);
    ports.clock.advance(LEASE_MS + 60_000);
    await sweepNow();
    expect(await ports.lanes.slots(acme)).toEqual([]);
    expect(sent()).toEqual([]);
  });

  it("does not free a slot that its execution has taken again under a new revision", async () => {
    const moved = given({ revision: 1 });
    await markLane();
    await ports.lanes.take(acme, { ...slotOf(moved), revision: 0, untilMs: -60_000 }, undefined);
    await ports.lanes.take(acme, { ...slotOf(moved), number: 1, executionId: aNewId() }, undefined);
    const { get: getRecord } = ports.executions;
    ports.executions.get = async (id) => {
      const before = await getRecord(id);
      if (id !== moved.id) return before;
      ports.executions.get = getRecord;
      await start(moved);
      return before;
    };
    await sweepNow();
    expect(await ports.lanes.slots(acme)).toMatchObject([{ executionId: moved.id, revision: 1 }]);
  });

  it("does not free a slot that its execution has taken again, when an older message of it comes twice", async () => {
    const moved = given({ revision: 1 });
    const older = { ...messageOf(moved), revision: 0 };
    await ports.lanes.take(acme, { ...slotOf(moved), revision: 0, untilMs: 99_000 }, undefined);
    await ports.lanes.take(acme, { ...slotOf(moved), number: 1, executionId: aNewId() }, undefined);
    const { slots } = ports.lanes;
    ports.lanes.slots = async (lane) => {
      const before = await slots(lane);
      ports.lanes.slots = slots;
      await claim(ports, older);
      await start(moved);
      return before;
    };
    expect(await claim(ports, older)).toEqual({ dropped: "stale" });
    expect((await ports.lanes.slots(acme))[0]).toMatchObject({ number: 0, executionId: moved.id, revision: 1 });
  });

  it("does not free the slot of an execution that was handed two, once it runs in that", async () => {
    const twice = given({ parkedIn: acme.name });
    await ports.lanes.park(acme, messageOf(twice));
    const { take: takeSlot, slots } = ports.lanes;
    ports.lanes.take = async (lane, slot, previous) => {
      ports.lanes.take = takeSlot;
      const other = { ...slot, number: 1 };
      await takeSlot(lane, other, undefined);
      await ports.lanes.unpark(lane, messageOf(twice));
      ports.lanes.slots = async () => {
        ports.lanes.slots = slots;
        const both = await slots(lane);
        await start(twice);
        return both;
      };
      return takeSlot(lane, slot, previous);
    };
    await handOver(ports, acme);
    const { slot } = get(twice.id) as Running;
    expect((await ports.lanes.slots(acme)).map(({ number }) => number)).toContain(slot);
  });

  it("leaves what is parked neither counted as sent again nor given up, however long", async () => {
    await start(given());
    await start(given());
    const parked = given();
    await take(parked);
    for (let hours = 0; hours < 100; hours++) {
      // The two that run are alive.
      const leaseUntilMs = ports.clock.now() + 4_000_000;
      for (const [id, record] of ports.executions.records) {
        if (record.state === "started") ports.executions.records.set(id, { ...record, leaseUntilMs });
      }
      ports.clock.advance(3_600_000);
      await sweepNow();
    }
    expect(get(parked.id)).toMatchObject({ state: "created", dispatches: 0 });
    expect(sent()).toEqual([]);
    expect(await parkedNow()).toEqual([parked.id]);
  });

  it("discards what is parked too long, and its item", async () => {
    await start(given());
    await start(given());
    const parked = given({ discardAfterMs: 50_000 });
    await take(parked);
    ports.clock.advance(41_000);
    await sweepNow();
    expect(get(parked.id)).toMatchObject({ state: "discarded" });
    expect(await parkedNow()).toEqual([]);
  });

  it("lets go of what is parked once its function is deployed without it", async () => {
    await start(given());
    await start(given());
    const parked = given();
    await take(parked);
    const { concurrency: _, ...without } = ports.functions.get(functionName) ?? expect.unreachable();
    ports.functions = new Map([[functionName, without]]);
    await sweepNow();
    expect(sent()).toEqual([parked.id]);
    expect(await start(parked)).not.toHaveProperty("slot");
  });
});

describe("a function without flow control", () => {
  it("calls nothing of it but the flag of a pause, and writes nothing", async () => {
    const ports = memoryPorts(10_000);
    const calls: string[] = [];
    for (const [name, port] of Object.entries({ lanes: ports.lanes, rates: ports.rates, pauses: ports.pauses })) {
      for (const [method, run] of Object.entries(port)) {
        if (typeof run !== "function") continue;
        Object.assign(port, {
          [method]: (...args: unknown[]) => {
            calls.push(`${name}.${method}`);
            return (run as (...args: unknown[]) => unknown)(...args);
          },
        });
      }
    }
    const execution = aCreated();
    ports.executions.records.set(execution.id, execution);
    const result = await claim(ports, messageOf(execution));
    if (!("claimed" in result)) throw new Error("not claimed");
    await finish(ports, result.claimed, { outcome: { state: "succeed", result: "1" }, logs: "" });
    expect(calls).toEqual(["pauses.isPaused"]);
    const other = aCreated({ id: aNewId() });
    ports.executions.records.set(other.id, other);
    await cancel(ports, { executionId: other.id }, false);
    expect(calls).toEqual(["pauses.isPaused"]);
  });
});
