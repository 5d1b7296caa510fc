import { describe, expect, it } from "vitest";
import { DomainError } from "../../lambdas/core/errors.ts";
import type { Running } from "../../lambdas/core/execution.ts";
import { functionCatalog } from "../../lambdas/core/functions.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { LEASE_MS } from "../../lambdas/core/limits.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { findResult } from "../../lambdas/flows/find-result.ts";
import { launch } from "../../lambdas/flows/launch.ts";
import { taskStopped } from "../../lambdas/flows/task-stopped.ts";
import { aCreated, anId } from "../support/an-execution.ts";
import { deployedOnFargate, memoryPorts } from "../support/memory-ports.ts";

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
