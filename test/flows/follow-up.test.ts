import { describe, expect, it } from "vitest";
import { aCreated, aNewId, aStarted } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { Execution, Running } from "../../lambdas/core/execution.ts";
import { MAX_FOLLOW_UP_DEPTH } from "../../lambdas/core/follow-ups.ts";
import { functionId, tagOf } from "../../lambdas/core/ids.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { finish, type RunResult } from "../../lambdas/flows/finish.ts";
import { followUp } from "../../lambdas/flows/follow-up.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";

const NOW_MS = 12_000;
const functionName = "followed";
const error = { name: "TypeError", message: "no", stack: "TypeError: no" };
const success: RunResult = { outcome: { state: "succeed", result: "42" }, logs: "" };
const failure: RunResult = { outcome: { state: "failed", errorCode: "ER0000", error }, logs: "" };

function given(changes: Partial<Running> = {}) {
  const ports = memoryPorts(NOW_MS);
  const id = aNewId(1, functionName);
  const running = aStarted({
    id,
    functionName,
    functionId: functionId(functionName),
    leaseUntilMs: 57_000,
    ...changes,
  });
  ports.executions.records.set(id, running);
  const announced = () => ports.dispatcher.ended.shift() ?? expect.unreachable();
  const followUpsMade = () => [...ports.executions.records.values()].filter(({ executedBy }) => executedBy === id);
  const argumentOf = async ({ arguments: stored, functionName, id }: Execution) =>
    (JSON.parse(await ports.payloads.read(stored, `arguments/${functionName}/${id}.json`)) as unknown[])[0];
  return { ports, id, running, announced, followUpsMade, argumentOf, record: () => ports.executions.records.get(id) };
}

describe("an execution whose function has follow-ups", () => {
  it("is announced before its end is stored, and stays to be looked at until the follow-up is made", async () => {
    const { ports, running, announced, record } = given();
    const { apply } = ports.executions;
    ports.executions.apply = async (transition) => {
      expect(ports.dispatcher.ended).toEqual([{ executionId: running.id, attempt: 1, looks: 0 }]);
      return apply(transition);
    };
    await finish(ports, running, success);
    ports.executions.apply = apply;
    expect(record()).toMatchObject({ state: "succeed", followUpAtMs: NOW_MS + 60_000, updatedAtMs: NOW_MS });
    ports.clock.advance(5_000);
    expect(await followUp(ports, announced())).toHaveProperty("made");
    expect(record()).not.toHaveProperty("followUpAtMs");
    expect(record()).toMatchObject({ state: "succeed", updatedAtMs: NOW_MS });
  });

  it("is followed by one execution with itself as argument, made by it and in its tree", async () => {
    const { ports, id, running, announced, followUpsMade, argumentOf } = given();
    await finish(ports, running, success);
    await followUp(ports, announced());
    const [made = expect.unreachable(), ...others] = followUpsMade();
    expect(others).toEqual([]);
    expect(made).toMatchObject({ functionName: "importContacts", executedBy: id, root: id, followUpDepth: 1 });
    expect(tagOf(made.id)).toBe(tagOf(aNewId(1, "importContacts")));
    expect(await argumentOf(made)).toEqual({
      execution: expect.objectContaining({ id, state: "succeed", function_name: functionName }),
    });
    expect(ports.dispatcher.sent).toMatchObject([{ message: { executionId: made.id } }]);
  });

  it("that failed tells the error, also a large one that is an object", async () => {
    for (const message of ["no", "x".repeat(10_000)]) {
      const { ports, running, announced, followUpsMade, argumentOf } = given();
      const outcome = { ...failure.outcome, error: { ...error, message } } as RunResult["outcome"];
      await finish(ports, running, { outcome, logs: "" });
      await followUp(ports, announced());
      const [made = expect.unreachable()] = followUpsMade();
      expect(await argumentOf(made)).toMatchObject({ execution: { state: "failed" }, error: { ...error, message } });
    }
  });

  it("is made once, however often it is announced", async () => {
    const { ports, running, announced, followUpsMade } = given();
    await finish(ports, running, success);
    const message = announced();
    await Promise.all([followUp(ports, message), followUp(ports, message)]);
    expect(await followUp(ports, message)).toEqual({ dropped: "stale" });
    expect(followUpsMade()).toHaveLength(1);
  });

  it("is not followed while it is not final: the message comes again for some seconds", async () => {
    const { ports, running, announced, followUpsMade } = given();
    const message = { executionId: running.id, attempt: 1, looks: 0 };
    expect(await followUp(ports, message)).toEqual({ held: true });
    expect(announced()).toEqual({ ...message, looks: 1 });
    expect(await followUp(ports, { ...message, looks: 5 })).toEqual({ dropped: "not_ended" });
    expect(followUpsMade()).toEqual([]);
  });

  it("is not followed by the message of an attempt that was retried", async () => {
    const { ports, running, followUpsMade } = given();
    ports.retry.maxAttempts = 1;
    await finish(ports, running, failure);
    expect(ports.dispatcher.ended).toEqual([]);
    expect(await followUp(ports, { executionId: running.id, attempt: 1, looks: 0 })).toEqual({ dropped: "stale" });
    expect(followUpsMade()).toEqual([]);
  });

  it("is followed when nobody may start it any more, and not when it is cancelled", async () => {
    const { ports, announced, followUpsMade } = given();
    ports.executions.records.clear();
    const waiting = aCreated({ id: aNewId(1, functionName), functionName, functionId: functionId(functionName) });
    ports.executions.records.set(waiting.id, { ...waiting, discardAfterMs: NOW_MS - 1 });
    expect(await claim(ports, messageOf(waiting))).toEqual({ dropped: "discarded" });
    expect(await followUp(ports, announced())).toHaveProperty("made");
    expect([...ports.executions.records.values()].map(({ executedBy }) => executedBy)).toEqual([undefined, waiting.id]);
    expect(followUpsMade()).toEqual([]);
  });

  it("is announced again by the sweep, less and less often, until the follow-up is made", async () => {
    const { ports, running, record } = given();
    ports.dispatcher.announceEnd = async () => Promise.reject(new Error("throttled"));
    await finish(ports, running, success);
    expect(ports.problems).toEqual(["end not announced"]);
    const announcedAtMs: number[] = [];
    ports.dispatcher.announceEnd = async () => void announcedAtMs.push(ports.clock.now());
    for (let minute = 0; minute < 60; minute++) {
      ports.clock.advance(60_000);
      await sweep({ ...ports, onError: (...problem) => expect(problem).toBeUndefined() }, Infinity);
    }
    const minutes = announcedAtMs.map((ms) => (ms - NOW_MS) / 60_000);
    expect(minutes).toEqual([1, 2, 4, 8, 16, 32]);
    expect(record()).toHaveProperty("followUpAtMs");
  });

  it("has none beyond a depth, or by a function that is not deployed, and is settled then", async () => {
    const deep = given({ followUpDepth: MAX_FOLLOW_UP_DEPTH });
    await finish(deep.ports, deep.running, success);
    expect(await followUp(deep.ports, deep.announced())).toEqual({ refused: "depth" });
    const gone = given({ followUpDepth: MAX_FOLLOW_UP_DEPTH - 1 });
    await finish(gone.ports, gone.running, success);
    const functions = new Map([...gone.ports.functions].filter(([name]) => name === functionName));
    expect(await followUp({ ...gone.ports, functions }, gone.announced())).toEqual({ refused: "not_deployed" });
    for (const { record, followUpsMade } of [deep, gone]) {
      expect(record()).not.toHaveProperty("followUpAtMs");
      expect(followUpsMade()).toEqual([]);
    }
  });

  it("reaches exactly the greatest depth in a chain of follow-ups", async () => {
    const { ports, running, announced } = given();
    const functions = new Map(ports.functions);
    for (const [name, it] of functions) functions.set(name, { ...it, followUps: { onSuccess: functionName } });
    let current: Running = running;
    const chain = { ...ports, functions };
    for (let depth = 1; depth <= MAX_FOLLOW_UP_DEPTH; depth++) {
      await finish(chain, current, success);
      const result = await followUp(chain, announced());
      if (!("made" in result)) return expect.unreachable(`depth ${depth}: ${JSON.stringify(result)}`);
      const message = { executionId: result.made.executionId, revision: 0, functionName, scheduledAtMs: NOW_MS };
      const taken = await claim(chain, message);
      current = "claimed" in taken ? taken.claimed : expect.unreachable();
    }
    await finish(chain, current, success);
    expect(await followUp(chain, announced())).toEqual({ refused: "depth" });
  });
});

describe("an execution whose function has none", () => {
  it("is announced to nobody, and costs nothing", async () => {
    const ports = memoryPorts(NOW_MS);
    const running = aStarted();
    ports.executions.records.set(running.id, running);
    await finish(ports, running, success);
    expect(ports.dispatcher.ended).toEqual([]);
    expect(ports.executions.records.get(running.id)).not.toHaveProperty("followUpAtMs");
    expect(await followUp(ports, { executionId: running.id, attempt: 1, looks: 0 })).toEqual({ dropped: "stale" });
    expect(await followUp(ports, { executionId: aNewId(), attempt: 1, looks: 0 })).toEqual({ dropped: "unknown" });
  });
});
