import { describe, expect, it, vi } from "vitest";
import { anAttempt, anId, aStarted, inEveryState } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { type Execution, isRunning } from "../../lambdas/core/execution.ts";
import { LEASE_MS } from "../../lambdas/core/limits.ts";
import { findResult } from "../../lambdas/flows/find-result.ts";
import { finish } from "../../lambdas/flows/finish.ts";

const success = { outcome: { state: "succeed", result: "42" }, logs: "" } as const;

describe("the end of an attempt", () => {
  it("is stored: the attempt with result and logs, then the final state", async () => {
    const ports = memoryPorts(12_000);
    ports.executions.records.set(anId, aStarted());
    const order: string[] = [];
    const { record } = ports.attempts;
    const { apply } = ports.executions;
    ports.attempts.record = (attempt) => {
      order.push("attempt");
      return record(attempt);
    };
    ports.executions.apply = (transition) => {
      order.push("execution");
      return apply(transition);
    };

    const result = JSON.stringify("x".repeat(4_000));
    expect(
      await finish(ports, aStarted(), { outcome: { ...success.outcome, result }, logs: "line\n".repeat(20) }),
    ).toBe("succeed");

    expect(order).toEqual(["attempt", "execution"]);
    expect(ports.executions.records.get(anId)).toMatchObject({ state: "succeed", finishedAtMs: 12_000 });
    expect(await ports.attempts.get(anId, 1)).toEqual(
      anAttempt({ result: { inline: result }, logs: { inline: "line\n".repeat(20) } }),
    );
  });

  const DAY_MS = 86_400_000;
  const folder = `attempts/${aStarted().functionName}/${anId}`;

  /** Returns the third attempt of an execution, whose earlier ones have large results, as it ends at `nowMs`. */
  async function aThird(nowMs: number, attemptCreatedAtMs: number) {
    const problems: unknown[][] = [];
    const ports = { ...memoryPorts(nowMs), onDispatchError: (...problem: unknown[]) => void problems.push(problem) };
    const third = aStarted({ attempt: 3, attemptCreatedAtMs, startedAtMs: nowMs, leaseUntilMs: nowMs + 1 });
    ports.executions.records.set(anId, third);
    const large = { result: { bytes: 9_999 }, logs: { inline: "" } };
    await ports.attempts.record(anAttempt({ executionId: anId, number: 1, ...large, logs: { bytes: 9_999 } }));
    await ports.attempts.record(anAttempt({ executionId: anId, number: 2, ...large }));
    const keys = [`${folder}/1/result.json`, `${folder}/1/logs.ndjson`, `${folder}/2/result.json`];
    for (const key of keys) ports.payloads.objects.set(key, "");
    return { ports, third, keys, problems };
  }

  it("makes the objects of earlier attempts new, once for each week of the execution's life", async () => {
    const renewedAt = async (nowMs: number, attemptCreatedAtMs: number) => {
      const { ports, third } = await aThird(nowMs, attemptCreatedAtMs);
      expect(await finish(ports, third, success)).toBe("succeed");
      return ports.payloads.renewed.sort();
    };
    const all = (await aThird(0, 0)).keys.sort();
    expect(await renewedAt(8 * DAY_MS, 6 * DAY_MS)).toEqual(all);
    expect(await renewedAt(20 * DAY_MS, 1_000)).toEqual(all);
    expect(await renewedAt(9 * DAY_MS, 8 * DAY_MS)).toEqual([]);
    expect(await renewedAt(6 * DAY_MS, 1_000)).toEqual([]);
  });

  it("is stored, with a line in the log, where an object of an earlier attempt is gone: those of others are made new", async () => {
    const { ports, third, keys, problems } = await aThird(40 * DAY_MS, 1_000);
    ports.payloads.objects.delete(keys[0] ?? "");
    expect(await finish(ports, third, success)).toBe("succeed");
    expect(ports.executions.records.get(anId)).toMatchObject({ state: "succeed" });
    expect(ports.payloads.renewed).toEqual([keys[2]]);
    expect(problems).toEqual([
      ["earlier attempts not renewed", { executionId: anId }, expect.objectContaining({ kind: "not_found" })],
    ]);
  });

  it("is stored before objects of earlier attempts are made new: a process that is killed there loses nothing", async () => {
    const { ports, third } = await aThird(8 * DAY_MS, 1_000);
    const states: unknown[] = [];
    ports.payloads.renew = async () => void states.push(ports.executions.records.get(anId)?.state);
    await finish(ports, third, success);
    expect(new Set(states)).toEqual(new Set(["succeed"]));
  });

  it("that was the only one, with a small output, is stored with the final state in one write", async () => {
    const ports = memoryPorts(12_000);
    ports.executions.records.set(anId, aStarted());
    expect(await finish(ports, aStarted(), { ...success, logs: "line\n" })).toBe("succeed");
    const execution = ports.executions.records.get(anId) as Execution;
    expect(execution).toMatchObject({ output: { result: { inline: "42" }, logs: { inline: "line\n" } } });
    expect(ports.attempts.records.size).toBe(0);
    expect(await findResult(ports, execution)).toEqual({ inline: "42" });
  });

  it("has an item of its own if there was another, or if arguments, result and logs have more than 4 KB", async () => {
    const ports = memoryPorts(12_000);
    const second = aStarted({ attempt: 2 });
    ports.executions.records.set(anId, second);
    await finish(ports, second, success);
    const other = aStarted({ arguments: { inline: JSON.stringify(["x".repeat(4_080)]) } });
    ports.executions.records.set(anId, other);
    await finish(ports, other, { ...success, logs: "a longer line\n" });
    expect([...ports.attempts.records.keys()].sort()).toEqual([`${anId}.1`, `${anId}.2`]);
  });

  it("that failed keeps the error as the result", async () => {
    const ports = memoryPorts();
    ports.executions.records.set(anId, aStarted());
    const error = { name: "TypeError", message: "no", stack: "TypeError: no" };
    await finish(ports, aStarted(), { outcome: { state: "failed", errorCode: "ER0000", error }, logs: "" });
    expect(ports.executions.records.get(anId)).toMatchObject({ state: "failed", errorCode: "ER0000" });
    const attempt = await ports.attempts.get(anId, 1);
    expect(JSON.parse(await ports.payloads.read(attempt?.result ?? { inline: "" }, ""))).toEqual(error);
  });

  it("keeps large results and logs as objects", async () => {
    const ports = memoryPorts();
    ports.executions.records.set(anId, aStarted());
    const result = JSON.stringify("x".repeat(10_000));
    await finish(ports, aStarted(), { outcome: { state: "succeed", result }, logs: "y".repeat(10_000) });
    expect([...ports.payloads.objects.keys()].sort()).toEqual([
      `attempts/importContacts/${anId}/1/logs.ndjson`,
      `attempts/importContacts/${anId}/1/result.json`,
    ]);
  });

  it.each([
    ["short", 9_000, 0],
    ["long, in which the lease may have been renewed", LEASE_MS / 3, 1],
  ])("reads the record of an attempt only where it may have changed: %s", async (_, ms, reads) => {
    const ports = memoryPorts();
    const started = aStarted();
    ports.clock.now = () => started.startedAtMs + ms;
    ports.executions.records.set(anId, started);
    const get = vi.spyOn(ports.executions, "get");
    expect(await finish(ports, started, success)).toBe("succeed");
    expect(get).toHaveBeenCalledTimes(reads);
  });

  it("changes nothing once somebody else has ended the execution", async () => {
    for (const state of inEveryState().filter((execution) => !isRunning(execution))) {
      const ended = { ...state, version: aStarted().version + 1 };
      const ports = memoryPorts();
      ports.executions.records.set(anId, ended);
      expect(await finish(ports, aStarted(), success)).toBe("stale");
      expect(ports.executions.records.get(anId)).toEqual(ended);
    }
  });

  const failure = {
    outcome: { state: "failed", errorCode: "ER0000", error: { name: "Error", message: "", stack: "" } },
    logs: "",
  } as const;

  it("that failed is followed by a retry, while the policy has one", async () => {
    const ports = { ...memoryPorts(12_000), random: () => 0.5 };
    ports.retry.maxAttempts = 1;
    ports.executions.records.set(anId, aStarted());
    await finish(ports, aStarted(), failure);
    expect(ports.executions.records.get(anId)).toMatchObject({ state: "created", attempt: 2, scheduledAtMs: 42_000 });
    expect(ports.dispatcher.sent).toMatchObject([
      { delaySeconds: 30, message: { executionId: anId, revision: 1, scheduledAtMs: 42_000 } },
    ]);
    const second = aStarted({ attempt: 2, revision: 1, version: 1 });
    ports.executions.records.set(anId, second);
    await finish(ports, second, failure);
    expect(ports.executions.records.get(anId)).toMatchObject({ state: "failed", attempt: 2 });
    expect(ports.attempts.records.size).toBe(2);
  });

  it("is followed by no retry if the error forbids it", async () => {
    const ports = memoryPorts(12_000);
    ports.retry.maxAttempts = 3;
    ports.executions.records.set(anId, aStarted());
    const outcome = { ...failure.outcome, retry: "never" } as const;
    expect(await finish(ports, aStarted(), { ...failure, outcome })).toBe("failed");
  });

  it("is retried when the error says, also where another worker stores that later", async () => {
    const ports = memoryPorts(12_000);
    ports.retry.maxAttempts = 1;
    ports.executions.records.set(anId, aStarted());
    const { apply } = ports.executions;
    ports.executions.apply = () => Promise.reject(new Error("the process died"));
    const outcome = { ...failure.outcome, retry: { afterMs: 100_000 } } as const;
    await expect(finish(ports, aStarted(), { ...failure, outcome })).rejects.toThrow("died");
    ports.executions.apply = apply;
    ports.clock.advance(60_000);
    await finish(ports, aStarted(), failure);
    expect(ports.executions.records.get(anId)).toMatchObject({ state: "created", attempt: 2, scheduledAtMs: 112_000 });
  });

  it("sends the retry when it is tried again, since the try before may have come no further than storing it", async () => {
    const ports = memoryPorts(12_000);
    ports.retry.maxAttempts = 1;
    ports.executions.records.set(anId, aStarted());
    // The process died after this.
    await finish(ports, aStarted(), failure);
    ports.dispatcher.sent.length = 0;
    expect(await finish(ports, aStarted(), failure)).toBe("stale");
    expect(ports.dispatcher.sent).toMatchObject([{ message: { executionId: anId, revision: 1 } }]);
  });

  it("leaves a retry that cannot be sent to the next sweep", async () => {
    const ports = memoryPorts(12_000);
    ports.retry.maxAttempts = 1;
    ports.executions.records.set(anId, aStarted());
    ports.dispatcher.toFunction = () => Promise.reject(new Error("throttled"));
    expect(await finish(ports, aStarted(), failure)).toBe("created");
    expect(ports.executions.records.get(anId)).toMatchObject({ undispatched: true, recheckAtMs: 12_000 });
  });

  it("is an abort once that was asked for, whatever the function did in the meantime", async () => {
    const ports = memoryPorts();
    ports.retry.maxAttempts = 1;
    ports.executions.records.set(anId, aStarted({ state: "aborting", version: 1 }));
    await finish(ports, aStarted(), failure);
    expect(ports.executions.records.get(anId)).toMatchObject({ state: "aborted", attempt: 1 });
    expect(ports.dispatcher.sent).toEqual([]);
  });

  it("that was aborted has logs and no result", async () => {
    const ports = memoryPorts();
    ports.executions.records.set(anId, aStarted({ state: "aborting", version: 1 }));
    await finish(ports, aStarted(), { outcome: { state: "aborted" }, logs: "line\n" });
    expect(await ports.attempts.get(anId, 1)).toMatchObject({ end: { state: "aborted" }, logs: { inline: "line\n" } });
    expect(await ports.attempts.get(anId, 1)).not.toHaveProperty("result");
  });
});
