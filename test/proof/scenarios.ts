// The registry of flows for the crash points. A flow is registered with a few lines:
//
//   {
//     flows: ["enqueue"],                    functions of lambdas/flows that run in the process that is cut
//     name: "that is due in an hour",        shown in the test's name
//     in: "api",                             the process that is cut: the first of this role after `arrange`
//     arrange: async (system) => { … },      optional: what has happened before; nothing goes wrong, and no sweep runs
//     act: async (system) => { … },          optional: a call of the API; queues, timer and sweep go on by themselves
//     calls: ["payloads.expire"],            optional: calls that must be among those that are cut
//     ends: ["succeed"],                     the states that executions may end in, wherever the flow is cut
//     check: (system) => [],                 optional: more that must hold, as texts that say what is broken
//   }
//
// Every function has two retries, so that one crash of a worker still ends in `succeed`. A new port of `memoryPorts` is
// cut without further ado, as long as it is an object of async functions. A new Lambda gets a role, and a place in
// `system.ts` where its process is spawned. What every system at rest must fulfil is in `promises.ts`.
// A function that only reads, or that runs only as part of another flow, is named below instead.

import type { System } from "../../harness/simulation/system.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import type { Created } from "../../lambdas/core/execution.ts";
import { cancel } from "../../lambdas/flows/cancel.ts";
import { enqueueBatch } from "../../lambdas/flows/enqueue-batch.ts";
import { rerun } from "../../lambdas/flows/rerun.ts";
import { reschedule } from "../../lambdas/flows/reschedule.ts";
import { bulk } from "./bulk-scenarios.ts";
import type { Scenario } from "./crash-points.ts";
import { debounces } from "./debounce-scenarios.ts";
import { failures } from "./failure-scenarios.ts";
import { fargate } from "./fargate-scenarios.ts";
import { followUps } from "./follow-up-scenarios.ts";
import { lanes } from "./lane-scenarios.ts";
import { schedules } from "./schedule-scenarios.ts";
import { DAY, inMs, inOrder, MINUTE, onlyId, plain, quick, SECOND, slow, twoAtMost } from "./simulated-functions.ts";
import { sweeps } from "./sweep-scenarios.ts";
import { tokens } from "./token-scenarios.ts";

/** Functions of `lambdas/flows` that write nothing. */
export const readers = [
  "find",
  "findCurrent",
  "findResult",
  "findOutput",
  "listAttempts",
  "listExecutions",
  "readOverdue",
  "readRunning",
  "messageOf",
  "dueMessageOf",
  "followUpsOf",
  "findFunction",
  "readLoad",
  "findSchedule",
  "findStored",
  "listSchedules",
  "readTimeline",
  "walkExecutions",
  "dryRun",
  "findBulk",
  "listFailures",
  "findFailure",
  "listBulk",
];

/** Steps that run only within registered flows. */
export const steps = [
  "revive",
  "accept",
  "writeNew",
  "newExecution",
  "acquireSlot",
  "admit",
  "dispatch",
  "handOver",
  "releaseSlot",
  "holdSlot",
  "laneExecutions",
  "releaseLaunched",
  "take",
  "completeLost",
  "releaseSpare",
  "releaseStale",
  "renewSlot",
  "repairLane",
  "wakeSome",
  "wakePaused",
  "wake",
  "wakeParked",
  "unpark",
  "cancelUndue",
  "repeatChange",
  "decide",
  "decideEnd",
  "newId",
  "announceEnd",
  "prepare",
  "dispatchMany",
  "dispatchIfWaiting",
  "recall",
  "change",
  "cancelAhead",
  "cancelTick",
  "sendTick",
  "takeBackTick",
  "sendStep",
  "cancelExecution",
  "rescheduleExecution",
  "prepareRerun",
  "workPage",
  "countFailure",
];

const large = { arguments: JSON.stringify([{ ...quick, padding: "x".repeat(5_000) }]) };

const enqueues: Scenario[] = [
  ["that is due now", plain, () => ({})],
  ["that is due in five minutes", plain, (system: System) => inMs(system, 5 * MINUTE)],
  ["that is due in half an hour", plain, (system: System) => inMs(system, 30 * MINUTE)],
  ["with large arguments", plain, () => large],
  ["in order, due now", inOrder, () => ({})],
  ["in order, due in half a minute", inOrder, (system: System) => inMs(system, 30 * SECOND)],
].map(([name, functionName, more]) => ({
  flows: ["enqueue"],
  name: name as string,
  in: "api",
  act: (system) => system.enqueue(functionName as string, quick, (more as (system: System) => object)(system)),
  ends: ["succeed"],
}));

const withKey: Scenario = {
  flows: ["enqueue"],
  name: "with an idempotency key, by a caller that tries again",
  in: "api",
  async act(system) {
    while ((await system.enqueue(plain, quick, {}, "key")) === undefined) await system.time.sleep(SECOND);
  },
  ends: ["succeed"],
  check: ({ records }) => (records.size === 1 ? [] : [`${records.size} executions of one key`]),
};

const batch: Scenario = {
  flows: ["enqueueBatch"],
  name: "of what is due now, in order, later, and with a key",
  in: "api",
  async act(system) {
    const input = (functionName: string, more = {}) => ({
      input: { functionName, arguments: JSON.stringify([quick]), metadata: { a: "1" }, ...more },
    });
    const items = [
      input(plain),
      input(inOrder),
      input(plain, inMs(system, 30 * MINUTE)),
      { ...input(plain), idempotencyKey: "key" },
      input("missing"),
    ];
    const result = await system.api((ports) => enqueueBatch(ports, items));
    if (!("returned" in result)) return;
    for (const each of result.returned) if ("execution" in each) system.history.accepted.add(each.execution.id);
  },
  ends: ["succeed"],
};

const fires: Scenario[] = [
  {
    flows: ["sendOn"],
    name: "of what a queue cannot delay",
    in: "fire",
    act: (system) => system.enqueue(inOrder, quick, inMs(system, 30 * SECOND)),
    ends: ["succeed"],
  },
  {
    flows: ["sendOn"],
    name: "of what the timer has fired",
    in: "fire",
    act: (system) => system.enqueue(plain, quick, inMs(system, 30 * MINUTE)),
    ends: ["succeed"],
  },
  {
    flows: ["tick"],
    name: "that is delivered twice",
    in: "fire",
    async act(system) {
      const tick = { functionName: plain, tickMs: Math.ceil(system.time.now() / MINUTE) * MINUTE + MINUTE };
      system.queueOf("(fire)").send(tick, 60);
      system.queueOf("(fire)").send(tick, 61);
    },
    ends: ["succeed"],
    check: ({ records }) => (records.size <= 1 ? [] : [`${records.size} executions of one tick`]),
  },
];

const runs: Scenario[] = [
  ["that succeeds", plain, quick, ["succeed"]],
  ["that renews its lease", plain, slow, ["succeed"]],
  ["with a large result", plain, { ms: 100, bytes: 10_000 }, ["succeed"]],
  ["that fails and is retried", plain, { ms: 100, failures: 1 }, ["succeed"]],
  ["that fails until no retry is left", plain, { ms: 100, failures: 9 }, ["failed"]],
  ["in order", inOrder, slow, ["succeed"]],
  ["of a function that rejects what is too many", twoAtMost, slow, ["succeed"]],
].map(([name, functionName, code, ends]) => ({
  flows: ["claim", "watch", "finish"],
  name: name as string,
  in: "run",
  act: (system) => system.enqueue(functionName as string, code as UserCode),
  ends: ends as string[],
}));

const moreRuns: Scenario[] = [
  {
    flows: ["finish"],
    name: "with large arguments, which begin to expire",
    in: "run",
    act: (system) => system.enqueue(plain, quick, large),
    calls: ["payloads.expire"],
    ends: ["succeed"],
  },
  {
    flows: ["claim"],
    name: "too early",
    in: "run",
    async act(system) {
      const id = await system.enqueue(plain, quick, inMs(system, 30 * SECOND));
      if (id === undefined) return;
      const { revision, scheduledAtMs } = system.records.get(id) as Created;
      system.queueOf(plain).send({ executionId: id, revision, functionName: plain, scheduledAtMs }, 0);
    },
    ends: ["succeed"],
  },
  {
    flows: ["claim"],
    name: "a moment too early",
    in: "run",
    act: (system) => system.enqueue(plain, quick, inMs(system, 5_300)),
    ends: ["succeed"],
  },
  {
    flows: ["claim"],
    name: "too late",
    in: "run",
    act: (system) => system.enqueue(plain, quick, { discardAfterMs: system.time.now() - 1 }),
    ends: ["discarded"],
  },
  {
    flows: ["claim"],
    name: "of what is too many",
    in: "run",
    async arrange(system) {
      for (const _ of [1, 2]) await system.enqueue(twoAtMost, { ms: 2 * MINUTE });
      await system.time.sleep(5 * SECOND);
    },
    act: (system) => system.enqueue(twoAtMost, quick),
    ends: ["succeed", "cancelled"],
  },
  {
    flows: ["claim"],
    name: "of a message that is stale",
    in: "run",
    async arrange(system) {
      await system.enqueue(plain, quick, inMs(system, MINUTE));
      await system.api((ports) => reschedule(ports, { executionId: onlyId(system) }, system.time.now() + 2 * MINUTE));
    },
    ends: ["succeed"],
  },
  {
    flows: ["watch", "finish"],
    name: "that is aborted",
    in: "run",
    async act(system) {
      await system.enqueue(plain, { ms: 5 * MINUTE });
      await system.time.sleep(3 * SECOND);
      await system.api((ports) => cancel(ports, { executionId: onlyId(system) }, true));
    },
    // Where the claim is cut, the abort comes while it waits again.
    ends: ["aborted", "cancelled", "succeed"],
  },
];

const changes: Scenario[] = [
  ...[
    ["from five minutes to now", 5 * MINUTE, 0],
    ["from half an hour to five minutes", 30 * MINUTE, 5 * MINUTE],
    ["from five minutes to half an hour", 5 * MINUTE, 30 * MINUTE],
    ["from half an hour to an hour", 30 * MINUTE, 60 * MINUTE],
  ].map(
    ([name, from, to]): Scenario => ({
      flows: ["reschedule"],
      name: name as string,
      in: "api",
      arrange: (system) => system.enqueue(plain, quick, inMs(system, from as number)),
      async act(system) {
        const atMs = system.time.now() + (to as number);
        const result = await system.api((ports) => reschedule(ports, { executionId: onlyId(system) }, atMs));
        if ("returned" in result) {
          system.history.postponed.set(onlyId(system), { toldAtMs: system.time.now(), scheduledAtMs: atMs });
        }
      },
      ends: ["succeed"],
    }),
  ),
  ...[
    ["of what waits", 5 * MINUTE, quick, false, ["cancelled"]],
    ["of what waits with the timer", 30 * MINUTE, quick, false, ["cancelled"]],
    ["of what runs, by force", 0, slow, true, ["aborted"]],
  ].map(
    ([name, dueInMs, code, force, ends]): Scenario => ({
      flows: ["cancel"],
      name: name as string,
      in: "api",
      async arrange(system) {
        await system.enqueue(plain, code as UserCode, inMs(system, dueInMs as number));
        await system.time.sleep(3 * SECOND);
      },
      async act(system) {
        const result = await system.api((ports) => cancel(ports, { executionId: onlyId(system) }, force as boolean));
        if ("returned" in result) system.history.endsAs.set(onlyId(system), (ends as string[])[0] as string);
      },
      ends: [...(ends as string[]), "succeed"],
    }),
  ),
  {
    flows: ["reschedule"],
    name: "of a retry, by weeks: its first attempt is kept longer",
    in: "api",
    async arrange(system) {
      await system.enqueue(plain, { ms: 100, failures: 1 });
      await system.time.sleep(5 * SECOND);
    },
    async act(system) {
      const reference = { executionId: onlyId(system) };
      await system.api((ports) => reschedule(ports, reference, system.time.now() + 30 * DAY));
      await system.api((ports) => cancel(ports, reference, false));
    },
    calls: ["attempts.keep"],
    ends: ["cancelled", "succeed"],
  },
  {
    flows: ["rerun"],
    name: "of what has ended",
    in: "api",
    async arrange(system) {
      await system.enqueue(plain, quick, large);
      await system.time.sleep(5 * SECOND);
    },
    async act(system) {
      const result = await system.api((ports) => rerun(ports, { executionId: onlyId(system) }, undefined));
      if ("returned" in result) system.history.accepted.add(result.returned.id);
    },
    ends: ["succeed"],
  },
];

/** All flows, each from where it begins. */
export const scenarios: readonly Scenario[] = [
  ...enqueues,
  withKey,
  batch,
  ...fires,
  ...runs,
  ...moreRuns,
  ...changes,
  ...sweeps,
  ...lanes,
  ...followUps,
  ...debounces,
  ...schedules,
  ...tokens,
  ...bulk,
  ...fargate,
  ...failures,
];
