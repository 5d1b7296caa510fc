import { describe, expect, it } from "vitest";
import { aCreated, aNewId, anAttempt, anId, aStarted, inEveryState } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { findResult } from "../../lambdas/flows/find-result.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";

const nothing = {
  ...{ sentAgain: 0, missing: 0, lost: 0, givenUp: 0, discarded: 0, waiting: 0, waitingLong: 0, errors: 0 },
  isCutShort: false,
};

function given(nowMs: number, ...executions: Execution[]) {
  const errors: unknown[][] = [];
  const ports = { ...memoryPorts(nowMs), onError: (...error: unknown[]) => void errors.push(error) };
  for (const execution of executions) ports.executions.records.set(execution.id, execution);
  return {
    ports,
    errors,
    sweepNow: () => sweep(ports, Infinity),
    get: (id = anId) => ports.executions.records.get(id),
  };
}

describe("a sweep", () => {
  it("sends what has not started again, with the same revision", async () => {
    const { ports, sweepNow, get } = given(70_000, aCreated());
    expect(await sweepNow()).toEqual({ ...nothing, sentAgain: 1 });
    expect(get()).toMatchObject({ state: "created", dispatches: 1, revision: 0 });
    expect(ports.dispatcher.sent).toMatchObject([{ to: "function", message: { executionId: anId, revision: 0 } }]);
    expect(await sweepNow()).toEqual(nothing);
  });

  it("leaves alone what is not overdue, and what is final", async () => {
    const { ports, sweepNow } = given(69_999, aCreated());
    expect(await sweepNow()).toEqual(nothing);
    for (const execution of inEveryState().filter((each) => "finishedAtMs" in each)) {
      ports.executions.records.set(anId, execution);
      ports.clock.advance(1e9);
      expect(await sweepNow()).toEqual(nothing);
    }
  });

  it("lets what waits behind others wait, however long", async () => {
    const { ports, sweepNow, get } = given(70_000, aCreated({ dispatches: 8 }));
    ports.dispatcher.waiting = 3;
    expect(await sweepNow()).toEqual({ ...nothing, waiting: 1 });
    expect(get()).toMatchObject({ state: "created", recheckAtMs: 370_000 });
    expect(ports.dispatcher.sent).toEqual([]);
  });

  it("looks at what waits less and less often: after 5 minutes, an hour, then every six hours", async () => {
    const { ports, sweepNow, get } = given(70_000, aCreated());
    ports.dispatcher.waiting = 3;
    for (const [minutes, done] of [
      [5, "waiting"],
      [60, "waiting"],
      [360, "waitingLong"],
      [360, "waitingLong"],
    ] as const) {
      expect(await sweepNow()).toEqual({ ...nothing, [done]: 1 });
      ports.clock.advance(minutes * 60_000 - 1);
      expect(await sweepNow()).toEqual(nothing);
      ports.clock.advance(1);
    }
    expect(get()).toMatchObject({ state: "created", waits: 4 });
  });

  it("sends what waits behind others again once a day: its message may be lost, and the queue never be empty", async () => {
    const { ports, sweepNow } = given(70_000, aCreated());
    ports.dispatcher.waiting = 3;
    const sentAtHours: number[] = [];
    for (let minutes = 0; minutes < 75 * 60; minutes += 5) {
      const before = ports.dispatcher.sent.length;
      await sweepNow();
      if (ports.dispatcher.sent.length > before) sentAtHours.push(Math.floor(minutes / 60));
      ports.clock.advance(300_000);
    }
    expect(sentAtHours).toEqual([25, 49, 73]);
    expect(ports.dispatcher.sent[0]).toMatchObject({ to: "function", message: { executionId: anId, revision: 0 } });
  });

  it("sends it at once when the queue is empty, and then counts its waits anew", async () => {
    const { ports, sweepNow, get } = given(70_000, aCreated({ waits: 5 }));
    expect(await sweepNow()).toEqual({ ...nothing, sentAgain: 1 });
    expect(get()).toMatchObject({ waits: 0, dispatches: 1 });
    ports.clock.advance(120_000);
    ports.dispatcher.waiting = 1;
    expect(await sweepNow()).toEqual({ ...nothing, waiting: 1 });
  });

  it("sends what its queue has put aside again, however many others wait, and does not count that", async () => {
    const { ports, sweepNow, get } = given(70_000, aCreated({ dispatches: 8, waits: 5, recheckAtMs: 1e9 }));
    ports.dispatcher.waiting = 3;
    ports.deadLetters.letters.push(messageOf(aCreated()));
    expect(await sweepNow()).toEqual({ ...nothing, sentAgain: 1 });
    expect(get()).toMatchObject({ state: "created", dispatches: 8, waits: 0 });
    expect(ports.dispatcher.sent).toMatchObject([{ to: "function", message: { executionId: anId, revision: 0 } }]);
    expect(ports.deadLetters.letters).toEqual([]);
    expect(await sweepNow()).toEqual(nothing);
  });

  it.each([
    ["that has ended", inEveryState().find((each) => "finishedAtMs" in each) as Execution],
    ["that was rescheduled", aCreated({ revision: 1 })],
    ["that could not start for 14 days", aCreated({ scheduledAtMs: 10_000 - 14 * 86_400_000 })],
  ])("removes the dead letter of an execution %s", async (_what, execution) => {
    const { ports, sweepNow, get } = given(20_000, execution);
    ports.deadLetters.letters.push(messageOf({ ...execution, revision: 0 }));
    expect(await sweepNow()).toEqual(nothing);
    expect(get()).toEqual(execution);
    expect(ports.deadLetters.letters).toEqual([]);
  });

  it("keeps a dead letter whose record cannot be written, and recovers the others", async () => {
    const other = aNewId(1_000);
    const { ports, errors, sweepNow } = given(70_000, aCreated(), aCreated({ id: other, recheckAtMs: 1e9 }));
    const { get } = ports.executions;
    ports.executions.get = (id) => (id === other ? Promise.reject(new Error("throttled")) : get(id));
    const letter = messageOf(aCreated({ id: other }));
    ports.deadLetters.letters.push(letter);
    expect(await sweepNow()).toEqual({ ...nothing, sentAgain: 1, errors: 1 });
    expect(errors).toEqual([["execution not recovered", { executionId: other }, new Error("throttled")]]);
    expect(ports.deadLetters.letters).toEqual([letter]);
  });

  it("does not give up while messages of its function fail: an outage may last longer than all dispatches", async () => {
    const { ports, sweepNow, get } = given(70_000, aCreated({ dispatches: 8 }));
    ports.dispatcher.taken = 1;
    expect(await sweepNow()).toEqual({ ...nothing, waiting: 1 });
    expect(get()).toMatchObject({ state: "created", dispatches: 8 });
  });

  it("gives up after several dispatches, with an error that says so", async () => {
    const { ports, sweepNow, get } = given(70_000, aCreated());
    for (let count = 0; count < 8; count++) {
      expect(await sweepNow()).toEqual({ ...nothing, sentAgain: 1 });
      ports.clock.advance(1e9);
    }
    expect(await sweepNow()).toEqual({ ...nothing, givenUp: 1 });
    expect(get()).toMatchObject({ state: "failed", errorCode: "ER0000" });
    expect(get()).not.toHaveProperty("startedAtMs");
  });

  it("does not send to a function that is gone, and gives up after four hours, with an error that says so", async () => {
    const { ports, sweepNow, get } = given(70_000, aCreated({ functionName: "gone", dispatches: 8 }));
    for (let count = 0; count < 8; count++) {
      expect(await sweepNow()).toEqual({ ...nothing, missing: 1 });
      ports.clock.advance(30 * 60_000);
    }
    expect(await sweepNow()).toEqual({ ...nothing, givenUp: 1 });
    expect(ports.dispatcher.sent).toEqual([]);
    expect(get()).toMatchObject({ state: "failed", errorCode: "ER0000" });
    expect(await findResult(ports, get() as Execution)).toEqual({
      inline: expect.stringContaining("FunctionNotDeployedError") as unknown,
    });
  });

  it("sends to a function that was gone and is back, however long that took", async () => {
    const { sweepNow, get } = given(70_000, aCreated({ misses: 8 }));
    expect(await sweepNow()).toEqual({ ...nothing, sentAgain: 1 });
    expect(get()).toMatchObject({ state: "created", misses: 0, dispatches: 1 });
  });

  it("discards in time what may not start any more", async () => {
    const { sweepNow, get } = given(12_001, aCreated({ discardAfterMs: 12_000, scheduledAtMs: 99_000 }));
    expect(await sweepNow()).toEqual({ ...nothing, discarded: 1 });
    expect(get()?.state).toBe("discarded");
  });

  it("ends the attempt of a lost worker, and retries it by the policy", async () => {
    const { ports, sweepNow, get } = given(35_000, aStarted());
    ports.retry.maxAttempts = 1;
    expect(await sweepNow()).toEqual({ ...nothing, lost: 1 });
    expect(get()).toMatchObject({ state: "created", attempt: 2, scheduledAtMs: 65_000 });
    expect(ports.dispatcher.sent).toMatchObject([{ message: { revision: 1 } }]);
    const attempt = await ports.attempts.get(anId, 1);
    expect(attempt).toMatchObject({ end: { state: "failed", errorCode: "ER0000" }, startedAtMs: 10_000 });
    expect(JSON.parse(await ports.payloads.read(attempt?.result ?? { inline: "" }, ""))).toMatchObject({
      name: "WorkerLostError",
    });
  });

  it("does not touch a worker whose lease has ended just now", async () => {
    const { sweepNow, get } = given(34_999, aStarted());
    expect(await sweepNow()).toEqual(nothing);
    expect(get()?.state).toBe("started");
  });

  it("ends an abort whose worker was lost as aborted", async () => {
    const { sweepNow, get } = given(35_000, aStarted({ state: "aborting" }));
    expect(await sweepNow()).toEqual({ ...nothing, lost: 1 });
    expect(get()?.state).toBe("aborted");
  });

  it("finishes what a worker had begun to store before it died", async () => {
    const { ports, sweepNow, get } = given(35_000, aStarted());
    await ports.attempts.record(anAttempt());
    await sweepNow();
    expect(get()?.state).toBe("succeed");
  });

  it("twice at once does everything once", async () => {
    const executions = Array.from({ length: 9 }, (_, index) => {
      const id = `${anId.slice(0, -1)}${index}` as typeof anId;
      return index % 2 === 0 ? aCreated({ id }) : aStarted({ id });
    });
    const { ports } = given(70_000, ...executions);
    const reports = await Promise.all([sweep(ports, Infinity), sweep(ports, Infinity), sweep(ports, Infinity)]);
    expect(reports.reduce((sum, { sentAgain }) => sum + sentAgain, 0)).toBe(5);
    expect(reports.reduce((sum, { lost }) => sum + lost, 0)).toBe(4);
    expect(ports.dispatcher.sent).toHaveLength(5);
  });

  it("recovers the others where one cannot be recovered, and reports it", async () => {
    const other = `${anId.slice(0, -1)}1` as typeof anId;
    const { ports, errors, sweepNow, get } = given(70_000, aCreated(), aStarted({ id: other }));
    ports.dispatcher.toFunction = () => Promise.reject(new Error("no such queue"));
    expect(await sweepNow()).toEqual({ ...nothing, lost: 1, errors: 1 });
    expect([...errors, ...ports.problems]).toEqual(["execution not dispatched"]);
    expect(get(other)).toMatchObject({ state: "failed" });
  });

  it("begins nothing when its time is over, and says so", async () => {
    const { ports } = given(70_000, aCreated());
    expect(await sweep(ports, 70_000)).toEqual({ ...nothing, isCutShort: true });
    expect(ports.dispatcher.sent).toEqual([]);
  });
});

describe("a sweep that has not time for all", () => {
  const many = (count: number, functionName: string, changes: Partial<Execution> = {}) =>
    Array.from({ length: count }, (_, index) =>
      aCreated({ ...(changes as object), id: aNewId(1_000 + index, functionName), functionName }),
    );
  const lost = (functionName: string) =>
    aStarted({ id: aNewId(5_000, functionName), functionName, leaseUntilMs: 50_000 });

  /** Every change takes 10 ms, so that there is time for so many. */
  function withTimeFor(changes: number, ...executions: Execution[]) {
    const { ports, get } = given(70_000, ...executions);
    const { apply } = ports.executions;
    const changed: string[] = [];
    const executionsPort = {
      ...ports.executions,
      apply: async (transition: Parameters<typeof apply>[0]) => {
        ports.clock.advance(10);
        changed.push(transition.to.id);
        return apply(transition);
      },
    };
    const sweepNow = () => sweep({ ...ports, executions: executionsPort }, ports.clock.now() + 10 * changes);
    return { ports, get, changed, sweepNow };
  }

  it("ends a dead worker's attempt beside another function's burst of 5,000", async () => {
    const dead = lost("oneByOne");
    const { ports, get, sweepNow } = withTimeFor(100, ...many(5_000, "importContacts"), dead);
    ports.dispatcher.waiting = 5_000;
    expect(await sweepNow()).toMatchObject({ lost: 1, isCutShort: true });
    expect(get(dead.id)).toMatchObject({ state: "failed" });
  });

  it("ends a dead worker's attempt behind the burst of its own function too", async () => {
    const dead = lost("importContacts");
    const { get, sweepNow } = withTimeFor(100, ...many(5_000, "importContacts"), dead);
    expect(await sweepNow()).toMatchObject({ lost: 1, isCutShort: true });
    expect(get(dead.id)).toMatchObject({ state: "failed" });
  });

  it.each([
    ["attempt", lost("oneByOne"), "failed"],
    ["abort", { ...lost("oneByOne"), state: "aborting" } as Execution, "aborted"],
  ])("ends a dead worker's %s that stands behind more than it can read", async (_, dead, state) => {
    const { ports, get, sweepNow } = withTimeFor(100, ...many(5_000, "importContacts"), dead);
    const { overdue } = ports.indexes;
    ports.indexes.overdue = async function* (from, nowMs) {
      for await (const page of overdue(from, nowMs)) {
        yield page.filter((id) => id !== dead.id);
        ports.clock.advance(1_000 / 3);
      }
    };
    expect(await sweepNow()).toMatchObject({ lost: 1, isCutShort: true });
    expect(get(dead.id)).toMatchObject({ state });
  });

  it("works on what it has read, however slowly it reads", async () => {
    const waiting = many(50, "importContacts", { waits: 1, recheckAtMs: 0 });
    const { ports, changed, sweepNow } = withTimeFor(120, ...many(50, "importContacts"), ...waiting);
    ports.dispatcher.waiting = 100;
    const { overdue } = ports.indexes;
    const pages = new Map<string, number>();
    ports.indexes.overdue = async function* (from, nowMs) {
      for await (const page of overdue(from, nowMs)) {
        for (const id of page) {
          yield [id];
          pages.set(from.part, (pages.get(from.part) ?? 0) + 1);
          ports.clock.advance(50);
        }
      }
    };
    expect(await sweepNow()).toMatchObject({ isCutShort: true });
    for (const part of ["timed", "waiting"]) expect(pages.get(part)).toBeGreaterThan(0);
    const isWaiting = (id: string) => waiting.some((it) => it.id === id);
    expect(changed.filter((id) => !isWaiting(id)).length).toBeGreaterThan(0);
    expect(changed.filter(isWaiting).length).toBeGreaterThan(0);
  });

  it("works on what it could read where one part could not be read", async () => {
    const message = many(1, "importContacts", { scheduledAtMs: 0, recheckAtMs: 69_000 });
    const { ports } = given(70_000, ...message);
    const { overdue } = ports.indexes;
    ports.indexes.overdue = (from, nowMs) => {
      if (from.part === "created") throw new Error("throttled");
      return overdue(from, nowMs);
    };
    const problems: string[] = [];
    const onError = (problem: string) => void problems.push(problem);
    expect(await sweep({ ...ports, onError }, Infinity)).toMatchObject({ sentAgain: 1, errors: 4, isCutShort: true });
    expect(new Set(problems)).toEqual(new Set(["overdue work not read"]));
  });

  it("gives each function its turn", async () => {
    const few = many(3, "oneByOne");
    const { ports, sweepNow } = withTimeFor(100, ...many(5_000, "importContacts"), ...few);
    expect(await sweepNow()).toMatchObject({ isCutShort: true });
    const sent = ports.dispatcher.sent.map(({ message }) => message.executionId);
    for (const { id } of few) expect(sent).toContain(id);
  });

  it("looks last at what is known to wait, and does not lose sight of it", async () => {
    const waiting = many(5_000, "importContacts", { waits: 1, recheckAtMs: 0 });
    const message = many(1, "importContacts", { scheduledAtMs: 0, recheckAtMs: 69_000 });
    const { changed, sweepNow } = withTimeFor(100, ...waiting, ...message);
    expect(await sweepNow()).toMatchObject({ isCutShort: true });
    expect(changed[0]).toBe(message[0]?.id);
    for (let sweeps = 0; sweeps < 60; sweeps++) await sweepNow();
    expect(new Set(changed).size).toBe(5_001);
  });

  it("takes turns between fresh executions that run and those that wait", async () => {
    const fresh = (execution: Execution) => ({ ...execution, fresh: true }) as Execution;
    const healthy = Array.from({ length: 11_000 }, (_, index) => {
      const own = { id: aNewId(1_000 + index, "importContacts"), functionName: "importContacts" };
      return fresh(aStarted({ ...own, leaseUntilMs: 1e9 }));
    });
    const [unsent] = many(1, "importContacts", { createdAtMs: 5_000 }).map(fresh);
    const { ports } = given(90_000, ...healthy, unsent as Execution);
    ports.indexes.shards = 1;
    ports.indexes.overdue = ((overdue) =>
      async function* ({ part }, nowMs) {
        for (let shard = 0; shard < 4; shard++) yield* overdue({ shard, part }, nowMs);
      } satisfies typeof overdue)(ports.indexes.overdue);
    await sweep(ports, Infinity);
    expect(ports.dispatcher.sent).toMatchObject([{ message: { executionId: unsent?.id } }]);
  });

  it("repairs lanes, and looks at what is known to wait, beside a burst that takes longer than a sweep", async () => {
    const waiting = many(1, "importContacts", { waits: 1, recheckAtMs: 0 });
    const { ports, changed, sweepNow } = withTimeFor(1_200, ...many(5_000, "oneByOne"), ...waiting);
    let lanesLookedAt = 0;
    const { marked } = ports.lanes;
    ports.lanes.marked = async function* (shard) {
      lanesLookedAt += 1;
      yield* marked(shard);
    };
    const perCustomer = { functionId: functionId("perCustomer"), functionName: "perCustomer", name: "customer=acme" };
    await ports.lanes.park(perCustomer, messageOf(aCreated({ functionName: "perCustomer" })));
    expect(await sweepNow()).toMatchObject({ isCutShort: true });
    expect(lanesLookedAt).toBe(ports.lanes.shards);
    expect(await ports.lanes.parked(perCustomer, 1)).toEqual([]);
    expect(changed.indexOf(waiting[0]?.id ?? "")).toBe(800);
    // The burst has the time that the others leave.
    expect(changed.length).toBeGreaterThanOrEqual(1_200);
  });
});
