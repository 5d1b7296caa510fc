// The registry of flows for the crash points. A flow is registered with a few lines:
//
//   {
//     flows: ["enqueue"],                    functions of lambdas/flows that run in the process that is cut
//     name: "that is due in an hour",        shown in the test's name
//     in: "api",                             the process that is cut: the first of this role after `arrange`
//     arrange: async (system) => { … },      optional: what has happened before; nothing goes wrong, and no sweep runs
//     act: async (system) => { … },          optional: a call of the API; queues, timer and sweep go on by themselves
//     ends: ["succeed"],                     the states that executions may end in, wherever the flow is cut
//     check: (system) => [],                 optional: more that must hold, as texts that say what is broken
//   }
//
// Every function has two retries, so that one crash of a worker still ends in `succeed`. A new port of `memoryPorts` is cut
// without further ado, as long as it is an object of async functions. A new Lambda gets a role, and a place in `system.ts`
// where its process is spawned. What every system at rest must fulfil is in `promises.ts`.
// A function that only reads, or that runs only as part of another flow, is named below instead.

import type { Created } from "../../lambdas/core/execution.ts";
import { functionId, newExecutionId } from "../../lambdas/core/ids.ts";
import { cancel } from "../../lambdas/flows/cancel.ts";
import { debounce } from "../../lambdas/flows/debounce.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { enqueueBatch } from "../../lambdas/flows/enqueue-batch.ts";
import { pause, resume } from "../../lambdas/flows/pause.ts";
import { rerun } from "../../lambdas/flows/rerun.ts";
import { reschedule } from "../../lambdas/flows/reschedule.ts";
import { aCreated } from "../support/an-execution.ts";
import { bulk } from "./bulk-scenarios.ts";
import type { Scenario } from "./crash-points.ts";
import { failures } from "./failure-scenarios.ts";
import { fargate } from "./fargate-scenarios.ts";
import { schedules } from "./schedule-scenarios.ts";
import type { System, UserCode } from "./system.ts";
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
  "messageOf",
  "dueMessageOf",
  "followUpsOf",
  "revive",
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
  "releaseStale",
  "renewSlot",
  "repairLane",
  "wakeSome",
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

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const plain = "importContacts";
const inOrder = "oneByOne";
const twoAtMost = "twoAtMost";
const perCustomer = "perCustomer";
const fourASecond = "fourASecond";
const quick: UserCode = { ms: 100 };
const slow: UserCode = { ms: 20 * SECOND };

const inMs = (system: System, ms: number) => ({ scheduledAtMs: system.time.now() + ms });

/** Ids by which `act` finds what `arrange` made. */
const onlyId = (system: System) => [...system.records.keys()][0] as Created["id"];

const enqueues: Scenario[] = [
  ["that is due now", plain, () => ({})],
  ["that is due in five minutes", plain, (system: System) => inMs(system, 5 * MINUTE)],
  ["that is due in half an hour", plain, (system: System) => inMs(system, 30 * MINUTE)],
  ["with large arguments", plain, () => ({ arguments: JSON.stringify([{ ...quick, padding: "x".repeat(5_000) }]) })],
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
      const tick = { functionName: plain, atMs: Math.ceil(system.time.now() / MINUTE) * MINUTE + MINUTE };
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
    flows: ["rerun"],
    name: "of what has ended",
    in: "api",
    async arrange(system) {
      await system.enqueue(plain, quick, { arguments: JSON.stringify([{ ...quick, padding: "x".repeat(5_000) }]) });
      await system.time.sleep(5 * SECOND);
    },
    async act(system) {
      const result = await system.api((ports) => rerun(ports, { executionId: onlyId(system) }, undefined));
      if ("returned" in result) system.history.accepted.add(result.returned.id);
    },
    ends: ["succeed"],
  },
];

/** Puts an execution there as if it had been written long ago. */
async function given(system: System, changes: Partial<Created> = {}): Promise<void> {
  const functionName = changes.functionName ?? plain;
  const nowMs = system.time.now();
  const own = functionId(functionName);
  const id = newExecutionId(nowMs, new Uint8Array(16).fill(7), own);
  const times = { createdAtMs: nowMs, attemptCreatedAtMs: nowMs, scheduledAtMs: nowMs, recheckAtMs: nowMs };
  await system.executions.create(aCreated({ ...times, id, functionName, functionId: own, ...changes }));
}

const lostWorker = async (system: System, functionName: string, code: UserCode) => {
  await system.enqueue(functionName, code);
  await system.time.sleep(3 * SECOND);
  for (const process of system.living) process.kill();
  await system.time.sleep(MINUTE);
};

const sweeps: Scenario[] = [
  { name: "a lost message", arrange: (system: System) => given(system), ends: ["succeed"] },
  {
    name: "what could not be sent",
    arrange: (system: System) => given(system, { undispatched: true }),
    ends: ["succeed"],
  },
  {
    name: "what nobody may start any more",
    arrange: (system: System) => given(system, { discardAfterMs: system.time.now() }),
    ends: ["discarded"],
  },
  { name: "what was sent too often", arrange: (system: System) => given(system, { dispatches: 8 }), ends: ["failed"] },
  {
    name: "what waits behind others",
    async arrange(system: System) {
      await given(system, { functionName: inOrder });
      await system.enqueue(inOrder, { ms: 2 * MINUTE });
      await system.enqueue(inOrder, quick);
      await system.time.sleep(5 * SECOND);
    },
    ends: ["succeed"],
  },
  {
    name: "what its queue has put aside",
    async arrange(system: System) {
      await given(system, { functionName: inOrder, recheckAtMs: system.time.now() + 360 * MINUTE });
      const [execution] = system.records.values();
      if (execution !== undefined) system.queueOf(inOrder).deadLettered.push(messageOf(execution));
    },
    ends: ["succeed"],
  },
  {
    name: "what has waited for days",
    async arrange(system: System) {
      await given(system, { functionName: inOrder, waits: 6 });
      await system.enqueue(inOrder, { ms: 2 * MINUTE });
      await system.enqueue(inOrder, quick);
      await system.time.sleep(5 * SECOND);
    },
    ends: ["succeed"],
  },
  { name: "a lost worker", arrange: (system: System) => lostWorker(system, plain, slow), ends: ["succeed"] },
  {
    name: "a lost worker with a slot",
    arrange: (system: System) => lostWorker(system, twoAtMost, slow),
    ends: ["succeed"],
  },
  {
    name: "a lost worker of a queue in order",
    arrange: (system: System) => lostWorker(system, inOrder, slow),
    ends: ["succeed"],
  },
  {
    name: "a lost worker that was to stop",
    async arrange(system: System) {
      await system.enqueue(plain, slow);
      await system.time.sleep(3 * SECOND);
      for (const process of system.living) process.kill();
      await system.api((ports) => cancel(ports, { executionId: onlyId(system) }, true));
      await system.time.sleep(MINUTE);
    },
    ends: ["aborted"],
  },
  {
    name: "a worker that was lost between its two last writes",
    async arrange(system: System) {
      await system.enqueue(plain, { ms: 100, bytes: 6_000 });
      while (system.attempts.size === 0) await system.time.sleep(1);
      for (const process of system.living) process.kill();
      await system.time.sleep(MINUTE);
    },
    ends: ["succeed"],
  },
  {
    name: "what belongs to a function that is not deployed",
    async arrange(system: System) {
      await given(system);
      const deployed = system.functions.get(plain);
      system.functions.delete(plain);
      system.time.at(system.time.now() + 20 * MINUTE, () => deployed && system.functions.set(plain, deployed));
    },
    ends: ["succeed"],
  },
  {
    name: "what belongs to a function that was not deployed for too long",
    async arrange(system: System) {
      await given(system, { misses: 8 });
      system.functions.delete(plain);
    },
    ends: ["failed"],
  },
].map((it) => ({ flows: ["sweep"], in: "sweep" as const, ...it }));

const acme = { metadata: { customer: "acme" } };

/** Two of the lane run, and others are parked. */
const fullLane = (ms: number, parked: number) => async (system: System) => {
  for (const _ of [1, 2]) await system.enqueue(perCustomer, { ms }, acme);
  await system.time.sleep(SECOND);
  for (let count = 0; count < parked; count++) await system.enqueue(perCustomer, quick, acme);
  await system.time.sleep(SECOND);
};

const lanes: Scenario[] = [
  {
    flows: ["claim"],
    name: "in a lane with free slots",
    in: "run",
    act: (system) => system.enqueue(perCustomer, slow, acme),
    ends: ["succeed"],
  },
  {
    flows: ["claim"],
    name: "in a lane that is full, and parked",
    in: "run",
    arrange: fullLane(2 * MINUTE, 0),
    act: (system) => system.enqueue(perCustomer, quick, acme),
    ends: ["succeed"],
  },
  {
    flows: ["claim", "finish"],
    name: "in a lane, while two others are parked",
    in: "run",
    arrange: fullLane(10 * SECOND, 2),
    act: (system) => system.time.sleep(MINUTE),
    ends: ["succeed"],
  },
  {
    flows: ["claim", "finish"],
    name: "in a lane, and hands its slot over",
    in: "run",
    async arrange(system) {
      await system.enqueue(perCustomer, { ms: 10 * SECOND }, acme);
      await system.time.sleep(SECOND);
    },
    async act(system) {
      await system.enqueue(perCustomer, { ms: 5 * SECOND }, acme);
      await system.time.sleep(SECOND);
      for (const _ of [1, 2]) await system.enqueue(perCustomer, quick, acme);
    },
    ends: ["succeed"],
  },
  {
    flows: ["cancel"],
    name: "of what is parked",
    in: "api",
    arrange: fullLane(2 * MINUTE, 1),
    async act(system) {
      const id = [...system.records.values()].find((it) => it.state === "created")?.id as Created["id"];
      const result = await system.api((ports) => cancel(ports, { executionId: id }, false));
      if ("returned" in result) system.history.endsAs.set(id, "cancelled");
    },
    ends: ["succeed", "cancelled"],
  },
  {
    flows: ["reschedule"],
    name: "of what is parked",
    in: "api",
    arrange: fullLane(2 * MINUTE, 1),
    async act(system) {
      const id = [...system.records.values()].find((it) => it.state === "created")?.id as Created["id"];
      const atMs = system.time.now() + 5 * MINUTE;
      const result = await system.api((ports) => reschedule(ports, { executionId: id }, atMs));
      if ("returned" in result) system.history.postponed.set(id, { toldAtMs: system.time.now(), scheduledAtMs: atMs });
    },
    ends: ["succeed"],
  },
  {
    flows: ["sweep"],
    name: "a lane whose workers were lost",
    in: "sweep",
    async arrange(system) {
      await fullLane(20 * SECOND, 2)(system);
      for (const process of system.living) process.kill();
      await system.time.sleep(2 * MINUTE);
    },
    ends: ["succeed"],
  },
  {
    flows: ["claim"],
    name: "while the function is paused, until it is resumed",
    in: "run",
    async arrange(system) {
      await system.api((ports) => pause(ports, plain));
    },
    async act(system) {
      for (const _ of [1, 2]) await system.enqueue(plain, quick);
      await system.time.sleep(5 * MINUTE);
      await system.api((ports) => resume(ports, plain));
    },
    ends: ["succeed"],
  },
  {
    flows: ["pause"],
    name: "of a function",
    in: "api",
    async act(system) {
      await system.api((ports) => pause(ports, plain));
      await system.enqueue(plain, quick);
      await system.time.sleep(MINUTE);
      await system.api((ports) => resume(ports, plain));
    },
    ends: ["succeed"],
  },
  {
    flows: ["resume"],
    name: "of a function, by a caller that tries again",
    in: "api",
    async arrange(system) {
      await system.api((ports) => pause(ports, inOrder));
      for (const _ of [1, 2, 3]) await system.enqueue(inOrder, quick);
      await system.time.sleep(10 * SECOND);
    },
    async act(system) {
      while (!("returned" in (await system.api((ports) => resume(ports, inOrder))))) await system.time.sleep(SECOND);
    },
    ends: ["succeed"],
  },
  {
    flows: ["claim"],
    name: "above the rate",
    in: "run",
    async arrange(system) {
      for (let count = 0; count < 5; count++) await system.enqueue(fourASecond, quick);
      await system.time.sleep(50);
    },
    act: (system) => system.enqueue(fourASecond, quick),
    ends: ["succeed"],
  },
];

const followed = "followed";

const endings: { name: string; code: UserCode; isLate?: true; ends: string[] }[] = [
  { name: "succeeds", code: quick, ends: ["succeed"] },
  { name: "succeeds in the end", code: { ms: 100, failures: 1 }, ends: ["succeed"] },
  { name: "fails in the end", code: { ms: 100, failures: 9 }, ends: ["failed", "succeed"] },
  { name: "starts too late", code: quick, isLate: true, ends: ["discarded", "succeed"] },
];

const followUps: Scenario[] = [
  ...endings.flatMap(({ name, code, isLate, ends }) =>
    [
      { in: "run" as const, flows: ["claim", "finish"] },
      { in: "fire" as const, flows: ["followUp"] },
    ].map(
      (where): Scenario => ({
        ...where,
        name: `with a follow-up, of an execution that ${name}`,
        act: (system) => system.enqueue(followed, code, isLate ? { discardAfterMs: system.time.now() - 1 } : {}),
        ends,
      }),
    ),
  ),
  {
    flows: ["sweep"],
    name: "what has ended, and whose follow-up is not made",
    in: "sweep",
    async arrange(system) {
      await system.enqueue(followed, quick);
      while (![...system.records.values()].every(({ state }) => state === "succeed")) await system.time.sleep(1);
      system.queueOf("(fire)").purge();
      for (const process of system.living) if (process.role === "fire") process.kill();
      await system.time.sleep(MINUTE);
      system.queueOf("(fire)").purge();
    },
    ends: ["succeed"],
  },
  {
    flows: ["sweep"],
    name: "a lost worker of a function with follow-ups",
    in: "sweep",
    arrange: (system) => lostWorker(system, followed, { ms: 20 * SECOND }),
    ends: ["succeed"],
  },
];

/** Debounces until it is answered, as a client does. */
async function debounced(system: System, code: UserCode, delayMs: number): Promise<void> {
  const input = { functionName: plain, arguments: JSON.stringify([code]), metadata: { code: String(code.ms) } };
  const call = (ports: Parameters<typeof debounce>[0]) => debounce(ports, input, { key: "report", delayMs });
  for (;;) {
    const result = await system.api(call);
    if ("returned" in result) return void system.history.accepted.add(result.returned.execution.id);
    await system.time.sleep(SECOND);
  }
}

const isLastCode = ({ records }: System) =>
  [...records.values()].every(({ metadata, arguments: stored }) => metadata["code"] === "7" && "inline" in stored) &&
  records.size === 1
    ? []
    : ["the last call of the debounce does not count"];

const debounces: Scenario[] = [
  {
    flows: ["debounce"],
    name: "that is new",
    in: "api",
    act: (system) => debounced(system, { ms: 7 }, 5 * MINUTE),
    ends: ["succeed"],
    check: isLastCode,
  },
  {
    flows: ["debounce"],
    name: "that moves another one",
    in: "api",
    arrange: (system) => debounced(system, { ms: 100 }, 5 * MINUTE),
    act: (system) => debounced(system, { ms: 7 }, 30 * MINUTE),
    ends: ["succeed"],
    check: isLastCode,
  },
  {
    flows: ["debounce"],
    name: "after the one before has begun",
    in: "api",
    async arrange(system) {
      await debounced(system, { ms: 20 * SECOND }, SECOND);
      await system.time.sleep(2 * SECOND);
    },
    act: (system) => debounced(system, { ms: 7 }, 5 * MINUTE),
    ends: ["succeed"],
    check: ({ records }) => (records.size === 2 ? [] : [`${records.size} executions`]),
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
