import { describe, expect, it } from "vitest";
import type { Execution } from "../../lambdas/core/execution.ts";
import type { DueMessage } from "../../lambdas/core/ports.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { aCreated, anId, aStarted } from "../support/an-execution.ts";
import { memoryPorts } from "../support/memory-ports.ts";

const message: DueMessage = { executionId: anId, revision: 0, functionName: "importContacts", dueAtMs: 10_000 };

function given(execution: Execution, nowMs: number) {
  const ports = memoryPorts(nowMs);
  ports.executions.records.set(execution.id, execution);
  return ports;
}

describe("a claim", () => {
  it("of what is due starts it, with a lease", async () => {
    const ports = given(aCreated(), 10_000);
    const result = await claim(ports, message, 60_000);
    expect(result).toMatchObject({ claimed: { state: "started", leaseUntilMs: 70_000 } });
    expect(ports.executions.records.get(anId)?.state).toBe("started");
  });

  it("is won by one of many who try at once", async () => {
    const ports = given(aCreated(), 10_000);
    const results = await Promise.all(Array.from({ length: 20 }, () => claim(ports, message, 60_000)));
    expect(results.filter((result) => "claimed" in result)).toHaveLength(1);
    expect(results.filter((result) => "dropped" in result && result.dropped === "stale")).toHaveLength(19);
  });

  it("waits for the rest of a second, and never starts early", async () => {
    const ports = given(aCreated(), 9_250);
    expect(await claim(ports, message, 60_000)).toMatchObject({ claimed: { startedAtMs: 10_000 } });
    expect(ports.dispatcher.sent).toEqual([]);
  });

  it("sends back what is due later than that", async () => {
    const ports = given(aCreated(), 4_000);
    expect(await claim(ports, message, 60_000)).toEqual({ sentBack: { remainingMs: 6_000 } });
    expect(ports.dispatcher.sent).toEqual([{ to: "function", message, delaySeconds: 6 }]);
    expect(ports.executions.records.get(anId)?.state).toBe("created");
  });

  it.each([
    ["an execution that runs", aStarted()],
    ["another revision", aCreated({ revision: 1 })],
  ])("drops a message for %s", async (_, execution) => {
    expect(await claim(given(execution, 10_000), message, 60_000)).toEqual({ dropped: "stale" });
  });

  it("drops a message for an execution that is not there", async () => {
    expect(await claim(memoryPorts(), message, 60_000)).toEqual({ dropped: "unknown" });
  });

  it("discards what should have started before", async () => {
    const ports = given(aCreated({ discardAfterMs: 10_500 }), 11_000);
    expect(await claim(ports, message, 60_000)).toEqual({ dropped: "discarded" });
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
    expect(await claim(ports, message, 60_000)).toEqual({ dropped: "stale" });
  });
});
