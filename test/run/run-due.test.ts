import { describe, expect, it, vi } from "vitest";
import { aCreated, anId } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { Outcome } from "../../lambdas/core/attempt-error.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";
import { createLog } from "../../lambdas/log/log.ts";
import { runDue } from "../../lambdas/run/run-due.ts";
import type { AttemptToRun } from "../../lambdas/run/supervisor.ts";

function given(functionName = "importContacts", outcome: Outcome = { state: "succeed", result: "1" }) {
  const ports = memoryPorts(10_000);
  ports.executions.records.set(anId, aCreated({ functionName }));
  const runs: AttemptToRun[] = [];
  const lines: string[] = [];
  const writeLine = (line: string) => void lines.push(line);
  const hold = vi.fn(async () => {});
  // The watch has nothing to do here: what runs is over at once.
  const clock = {
    ...ports.clock,
    sleep: (ms: number) => (ms === 1_000 ? new Promise<void>(() => {}) : ports.clock.sleep(ms)),
  };
  const run = runDue({
    ...ports,
    clock,
    bundle: "bundle",
    endpoint: "http://epoque.test",
    maxDurationSeconds: 60,
    writeLine,
    log: createLog({ namespace: "Epoque", now: ports.clock.now, writeLine }),
    run: async (toRun) => {
      runs.push(toRun);
      toRun.onLine({ time: "2027-01-15T08:00:00.000Z", stream: "stdout", line: "hello" });
      return { outcome, logs: "" };
    },
  });
  const message = { executionId: anId, revision: 0, functionName, scheduledAtMs: 10_000 };
  const deliver = (more = {}) => run({ ...message, ...more }, { deadlineMs: 130_000, hold, requestId: "request-1" });
  return { ports, runs, lines, hold, deliver, state: () => ports.executions.records.get(anId)?.state };
}

describe("a due message", () => {
  it("runs the function once, however often it comes", async () => {
    const { deliver, runs, state } = given();
    await deliver();
    await deliver();
    expect(runs).toMatchObject([{ arguments: "[]", maxDurationSeconds: 60 }]);
    expect(state()).toBe("succeed");
  });

  it.each<[string, Outcome, number, object]>([
    ["ends", { state: "succeed", result: "1" }, 3, {}],
    ["fails", { state: "failed", errorCode: "ER0001", error: { name: "Error", message: "no", stack: "" } }, 4, {}],
    ["is stale", { state: "succeed", result: "1" }, 1, { revision: 7 }],
  ])("that %s leaves no line in the log without the execution's id", async (_, outcome, count, more) => {
    const { deliver, lines } = given("importContacts", outcome);
    await deliver(more);
    const ids = lines.map((line) => (JSON.parse(line) as { executionId?: string }).executionId);
    expect(ids).toEqual(Array.from({ length: count }, () => anId));
  });

  it("whose arguments cannot be read fails before anything has begun, and comes again", async () => {
    const { deliver, runs, ports, state } = given();
    const { read } = ports.payloads;
    ports.payloads.read = () => Promise.reject(new Error("throttled"));
    await expect(deliver()).rejects.toThrow("throttled");
    expect([state(), runs]).toEqual(["created", []]);
    ports.payloads.read = read;
    await deliver();
    expect(state()).toBe("succeed");
  });

  it("tries again to store an end that could not be stored", async () => {
    const { deliver, runs, ports, state } = given();
    const { apply } = ports.executions;
    let failures = 3;
    ports.executions.apply = (transition) =>
      transition.to.state === "succeed" && failures-- > 0 ? Promise.reject(new Error("throttled")) : apply(transition);
    await deliver();
    expect(failures).toBe(-1);
    expect(runs).toHaveLength(1);
    expect(state()).toBe("succeed");
  });

  it("for another function is not run by this one", async () => {
    const { deliver, runs, state } = given();
    await deliver({ functionName: "oneByOne" });
    expect([state(), runs]).toEqual(["created", []]);
  });

  it("that comes late in an invocation leaves time to store the end", async () => {
    const { deliver, runs, ports } = given();
    ports.clock.advance(90_000);
    await deliver();
    expect(runs[0]).toMatchObject({ maxDurationSeconds: 60, endByMs: 120_000 });
  });

  it("of a FIFO queue is held for a while only: a worker that dies must not block the queue for hours", async () => {
    const { deliver, hold } = given("oneByOne");
    await deliver();
    expect(hold).toHaveBeenCalledWith(90);
    const other = given();
    await other.deliver();
    expect(other.hold).not.toHaveBeenCalled();
  });

  it("gives the slot of a limited function back with the end of its attempt, and not before", async () => {
    const { deliver, ports } = given("twoAtMost");
    const lane = { functionId: functionId("twoAtMost"), functionName: "twoAtMost", name: "=" };
    const { apply } = ports.executions;
    ports.executions.apply = (transition) =>
      transition.to.state === "succeed" ? Promise.reject(new Error("down")) : apply(transition);
    await expect(deliver()).rejects.toThrow("down");
    expect(await ports.lanes.slots(lane)).toHaveLength(1);
    ports.executions.apply = apply;
    ports.clock.advance(120_000);
    await sweep({ ...ports, onError: () => {} }, Infinity);
    expect(await ports.lanes.slots(lane)).toEqual([]);
  });
});
