import { describe, expect, it } from "vitest";
import { aCreated, anId, aStarted } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { LEASE_MS } from "../../lambdas/core/limits.ts";
import type { DueMessage } from "../../lambdas/core/ports.ts";
import { claim } from "../../lambdas/flows/claim.ts";

const message: DueMessage = { executionId: anId, revision: 0, functionName: "importContacts", scheduledAtMs: 10_000 };

const claimNow = (ports: Parameters<typeof claim>[0], due: DueMessage) => claim(ports, due);

function given(execution: Execution, nowMs: number) {
  const ports = memoryPorts(nowMs);
  ports.executions.records.set(execution.id, execution);
  return ports;
}

describe("a claim", () => {
  it("of what is due starts it, with a lease", async () => {
    const ports = given(aCreated(), 10_000);
    const result = await claimNow(ports, message);
    expect(result).toMatchObject({ claimed: { state: "started", leaseUntilMs: 10_000 + LEASE_MS } });
    expect(ports.executions.records.get(anId)?.state).toBe("started");
  });

  it("is won by one of many who try at once", async () => {
    const ports = given(aCreated(), 10_000);
    const results = await Promise.all(Array.from({ length: 20 }, () => claimNow(ports, message)));
    expect(results.filter((result) => "claimed" in result)).toHaveLength(1);
    expect(results.filter((result) => "dropped" in result && result.dropped === "stale")).toHaveLength(19);
  });

  it("waits for the rest of a second, half of one at most, and never starts early", async () => {
    const ports = given(aCreated(), 9_500);
    expect(await claimNow(ports, message)).toMatchObject({ claimed: { startedAtMs: 10_000 } });
    expect(ports.dispatcher.sent).toEqual([]);
  });

  it("sends back what is due later than that", async () => {
    const ports = given(aCreated(), 4_000);
    expect(await claimNow(ports, message)).toEqual({ sentBack: { remainingMs: 6_000 } });
    expect(ports.dispatcher.sent).toEqual([{ to: "function", message, delaySeconds: 6 }]);
    expect(ports.executions.records.get(anId)?.state).toBe("created");
  });

  it.each([
    ["an execution that runs", aStarted()],
    ["another revision", aCreated({ revision: 1 })],
  ])("drops a message for %s", async (_, execution) => {
    expect(await claimNow(given(execution, 10_000), message)).toEqual({ dropped: "stale" });
  });

  it("drops a message for an execution that is not there", async () => {
    expect(await claimNow(memoryPorts(), message)).toEqual({ dropped: "unknown" });
  });

  it("discards what should have started before", async () => {
    const ports = given(aCreated({ discardAfterMs: 10_500 }), 11_000);
    expect(await claimNow(ports, message)).toEqual({ dropped: "discarded" });
    expect(ports.executions.records.get(anId)?.state).toBe("discarded");
  });

  it("decides again when it lost a race", async () => {
    const ports = given(aCreated(), 10_000);
    const apply = ports.executions.apply;
    let raced = false;
    ports.executions.apply = async (transition) => {
      if (!raced) {
        raced = true;
        ports.executions.records.set(anId, aCreated({ revision: 1, version: 1 }));
      }
      return apply(transition);
    };
    expect(await claimNow(ports, message)).toEqual({ dropped: "stale" });
  });
});

describe("a claim of a function that rejects executions above its capacity", () => {
  const limited = (n: number) => aCreated({ id: `${anId.slice(0, -1)}${n}` as typeof anId, functionName: "twoAtMost" });
  const messageOf = (n: number) => ({ ...message, executionId: limited(n).id, functionName: "twoAtMost" });
  const lane = { functionId: functionId("twoAtMost"), functionName: "twoAtMost", name: "=" };
  const slotsOf = (ports: ReturnType<typeof memoryPorts>) => ports.lanes.slots(lane);

  it("cancels what becomes due while so many run, however many come at once", async () => {
    const ports = memoryPorts(10_000);
    for (const n of [1, 2, 3, 4, 5]) ports.executions.records.set(limited(n).id, limited(n));
    const claims = await Promise.all([1, 2, 3, 4, 5].map((n) => claimNow(ports, messageOf(n))));
    expect(claims.filter((result) => "claimed" in result)).toHaveLength(2);
    expect(claims.filter((result) => "dropped" in result)).toEqual(Array(3).fill({ dropped: "rejected" }));
    const states = [...ports.executions.records.values()].map(({ state }) => state);
    expect(states.sort()).toEqual(["cancelled", "cancelled", "cancelled", "started", "started"]);
  });

  it("takes one slot for a message that comes twice, and keeps it for who was quicker", async () => {
    const ports = memoryPorts(10_000);
    for (const n of [1, 2]) ports.executions.records.set(limited(n).id, limited(n));
    const claims = await Promise.all([1, 1, 1].map((n) => claimNow(ports, messageOf(n))));
    expect(claims.filter((result) => "claimed" in result)).toHaveLength(1);
    expect(await slotsOf(ports)).toHaveLength(1);
    expect(await claimNow(ports, messageOf(2))).toHaveProperty("claimed");
  });

  it("gives the slot back that it took for an execution which somebody else has changed", async () => {
    const ports = memoryPorts(10_000);
    ports.executions.records.set(limited(1).id, limited(1));
    const { apply } = ports.executions;
    ports.executions.apply = async (transition) => {
      ports.executions.apply = apply;
      ports.executions.records.set(limited(1).id, { ...limited(1), revision: 1, version: 1 });
      return apply(transition);
    };
    expect(await claimNow(ports, messageOf(1))).toEqual({ dropped: "stale" });
    expect(await slotsOf(ports)).toEqual([]);
  });

  it.each([
    ["may not start any more", { discardAfterMs: 10_000 }, "discarded"],
    ["is another function's now", { functionName: "importContacts" }, "unknown"],
    ["waits for its next attempt", { attempt: 2, revision: 1 }, "stale"],
  ] as const)("gives the slot back when its second look finds an execution that %s", async (_, changes, dropped) => {
    const ports = memoryPorts(10_000);
    ports.executions.records.set(limited(1).id, limited(1));
    const { apply } = ports.executions;
    ports.executions.apply = async (transition) => {
      ports.executions.apply = apply;
      ports.clock.advance(1);
      ports.executions.records.set(limited(1).id, { ...limited(1), version: 1, ...changes });
      return apply(transition);
    };
    expect(await claimNow(ports, messageOf(1))).toEqual({ dropped });
    expect(await slotsOf(ports)).toEqual([]);
  });

  it("takes no slot of an attempt that runs, however long ago its lease ended, and that of one that has ended", async () => {
    const ports = memoryPorts(10_000);
    for (const n of [1, 2, 3, 4]) ports.executions.records.set(limited(n).id, limited(n));
    await claimNow(ports, messageOf(1));
    await claimNow(ports, messageOf(2));
    ports.clock.advance(10 * LEASE_MS);
    expect(await claimNow(ports, messageOf(3))).toEqual({ dropped: "rejected" });
    ports.executions.records.set(limited(1).id, limited(1));
    expect(await claimNow(ports, messageOf(4))).toHaveProperty("claimed");
  });
});
