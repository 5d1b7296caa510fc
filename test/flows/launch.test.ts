import { describe, expect, it } from "vitest";
import { aCreated, aNewId, anId } from "../../harness/an-execution.ts";
import { deployedOnFargate, memoryPorts } from "../../harness/memory/memory-ports.ts";
import { DomainError } from "../../lambdas/core/errors.ts";
import type { Created, Running } from "../../lambdas/core/execution.ts";
import { functionCatalog } from "../../lambdas/core/functions.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { LEASE_MS } from "../../lambdas/core/limits.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { findResult } from "../../lambdas/flows/find-result.ts";
import { finish } from "../../lambdas/flows/finish.ts";
import { launch } from "../../lambdas/flows/launch.ts";
import { taskStopped } from "../../lambdas/flows/task-stopped.ts";
import { laneWork } from "../../lambdas/run/lane-work.ts";

const lane = { functionId: functionId("onFargate"), functionName: "onFargate", name: "=" };
const message = { executionId: anId, revision: 0, functionName: "onFargate", scheduledAtMs: 10_000 };

function given() {
  const base = memoryPorts(15_000);
  const ports = { ...base, functions: functionCatalog([...base.functions.values(), deployedOnFargate(base)]) };
  const created = aCreated({ functionName: "onFargate", functionId: functionId("onFargate") });
  ports.executions.records.set(anId, created);
  return { ports, record: () => ports.executions.records.get(anId) };
}

const taskOf = async (ports: ReturnType<typeof given>["ports"]) => {
  const result = await launch(ports, message);
  if (!("launched" in result)) throw new Error(JSON.stringify(result));
  return result.launched;
};

describe("a launch", () => {
  it("starts one task, however often its message comes, and holds its slot for ten minutes", async () => {
    const { ports } = given();
    for (const _ of [1, 2, 3]) await launch(ports, message);
    expect(ports.tasks.launches).toEqual([{ executionId: anId, revision: 0, functionName: "onFargate", number: 1 }]);
    expect(await ports.lanes.slots(lane)).toMatchObject([{ executionId: anId, untilMs: 615_000 }]);
  });

  it("that is repeated never holds its slot for less, wherever it fails", async () => {
    const { ports } = given();
    await launch(ports, message);
    ports.executions.apply = () => Promise.reject(new Error("throttled"));
    await expect(launch(ports, message)).rejects.toThrow("throttled");
    expect(await ports.lanes.slots(lane)).toMatchObject([{ executionId: anId, untilMs: 615_000 }]);
  });

  it("tells how late it is, once: a repeated message launches nothing", async () => {
    const { ports, record } = given();
    const lateMs = 15_000 - (record()?.scheduledAtMs ?? 0);
    expect(await launch(ports, message)).toMatchObject({ latenessMs: lateMs });
    expect(await launch(ports, message)).not.toHaveProperty("latenessMs");
  });

  it("holds its slot with a lease like any other once its task has claimed the execution", async () => {
    const { ports } = given();
    const { task } = await taskOf(ports);
    ports.clock.advance(60_000);
    expect(await claim(ports, message, { task })).toHaveProperty("claimed");
    expect(await ports.lanes.slots(lane)).toMatchObject([{ executionId: anId, untilMs: ports.clock.now() + LEASE_MS }]);
  });

  it("that ECS refuses leaves the execution as it waits, with its slot, for the message to come again", async () => {
    const { ports, record } = given();
    const { run } = ports.tasks;
    ports.tasks.run = () => Promise.reject(new DomainError("unavailable", "no capacity"));
    await expect(launch(ports, message)).rejects.toThrow("no capacity");
    expect(record()).toMatchObject({ state: "created", launch: { number: 1 } });
    ports.tasks.run = run;
    expect(await taskOf(ports)).toMatchObject({ number: 1 });
    expect(await ports.lanes.slots(lane)).toHaveLength(1);
  });

  it("finds out by itself that its task has stopped, when no event told of that", async () => {
    const { ports, record } = given();
    const { task } = await taskOf(ports);
    ports.tasks.stop(task, { reason: "lost", why: "no image" });
    expect(await launch(ports, message)).toEqual({ dropped: "stopped" });
    expect(record()).toMatchObject({ launch: { number: 2, failures: 1 } });
    expect(await ports.lanes.slots(lane)).toEqual([]);
    expect(ports.dispatcher.sent.at(-1)).toMatchObject({ delaySeconds: 30 });
  });

  it("of what is cancelled meanwhile gives its slot back when the task stops", async () => {
    const { ports } = given();
    const { task, ...launched } = await taskOf(ports);
    const created = aCreated({ functionName: "onFargate", functionId: functionId("onFargate") });
    ports.executions.records.set(anId, { ...created, state: "cancelled", finishedAtMs: 16_000, version: 9 } as never);
    await taskStopped(ports, { task, launch: launched, exit: { reason: "lost", why: "no image" } });
    expect(await ports.lanes.slots(lane)).toEqual([]);
  });

  it("leaves the slot to a later task that has begun, when the end of the one before is slow to be dealt with", async () => {
    const { ports, record } = given();
    const { task, ...launched } = await taskOf(ports);
    const { apply } = ports.executions;
    ports.executions.apply = async (transition) => {
      ports.executions.apply = apply;
      const result = await apply(transition);
      const next = await taskOf(ports);
      expect(next.number).toBe(2);
      expect(await claim(ports, message, { task: next.task })).toHaveProperty("claimed");
      return result;
    };
    await taskStopped(ports, { task, launch: launched, exit: { reason: "lost", why: "no image" } });
    const { state, slot } = record() as Running;
    expect(state).toBe("started");
    expect(await ports.lanes.slots(lane)).toMatchObject([{ number: slot, executionId: anId }]);
  });

  it("that failed too often ends the execution, and the reason is its result", async () => {
    const { ports, record } = given();
    while (record()?.state === "created") {
      const { task, ...launched } = await taskOf(ports);
      await taskStopped(ports, { task, launch: launched, exit: { reason: "lost", why: "CannotPullContainerError" } });
    }
    const failed = record();
    if (failed === undefined) throw new Error("it is gone");
    const result = await findResult(ports, failed);
    expect(JSON.parse("inline" in result ? result.inline : "")).toMatchObject({
      name: "NotStartedError",
      message: "no task could be started for it: CannotPullContainerError",
    });
  });
});

describe("a task of a function with one task at a time", () => {
  function given() {
    const base = memoryPorts(15_000);
    const deployed = { ...deployedOnFargate(base), tasks: 1 };
    const ports = { ...base, functions: functionCatalog([...base.functions.values(), deployed]) };
    const due = (scheduledAtMs: number): Created => {
      const own = { functionName: "onFargate", functionId: functionId("onFargate") };
      const execution = aCreated({ id: aNewId(scheduledAtMs, "onFargate"), ...own, scheduledAtMs });
      ports.executions.records.set(execution.id, execution);
      return execution;
    };
    const launchFor = async (execution: Created) => {
      const result = await launch(ports, messageOf(execution));
      if (!("launched" in result)) throw new Error(JSON.stringify(result));
      return result.launched.task;
    };
    /** Runs the program of the task that was launched for `execution`; returns the ids of what it ran. */
    const runTask = async (task: string, execution: Created) => {
      const begun: string[] = [];
      const { takeOver, runAll } = laneWork({ now: ports.clock.now, isStopping: () => false });
      await runAll(messageOf(execution), async (message) => {
        const result = await claim({ ...ports, takeOver }, message, { task });
        if (!("claimed" in result)) return;
        begun.push(message.executionId);
        const outcome = { state: "succeed", result: "1" } as const;
        await finish({ ...ports, takeOver }, result.claimed, { outcome, logs: "" });
      });
      return begun;
    };
    return { ports, due, launchFor, runTask };
  }

  it("begins with the execution that was due first, though the message of another one was quicker", async () => {
    const { ports, due, launchFor, runTask } = given();
    const [first, second, third] = [due(10_000), due(10_001), due(10_002)];
    const task = await launchFor(second);
    for (const it of [third, first]) expect(await launch(ports, messageOf(it))).toEqual({ dropped: "parked" });
    expect(await runTask(task, second)).toEqual([first.id, second.id, third.id]);
    expect(await ports.lanes.slots(lane)).toEqual([]);
    expect(ports.tasks.launches).toHaveLength(1);
  });

  it("keeps its own execution while what is due later is parked", async () => {
    const { ports, due, launchFor } = given();
    const [first, second] = [due(10_000), due(10_001)];
    const task = await launchFor(first);
    await launch(ports, messageOf(second));
    expect(await claim(ports, messageOf(first), { task })).toHaveProperty("claimed");
  });

  it("keeps its own execution while somebody else has a slot for the one that was due before", async () => {
    const { ports, due, launchFor } = given();
    const [first, second] = [due(10_000), due(10_001)];
    const task = await launchFor(second);
    await launch(ports, messageOf(first));
    // Handed over under a higher limit, and its item is about to be taken out.
    const slot = { number: 1, executionId: first.id, attempt: 1, revision: 0, untilMs: 60_000 };
    await ports.lanes.take(lane, slot, undefined);
    expect(await claim(ports, messageOf(second), { task })).toHaveProperty("claimed");
  });
});
