import { type SeededRandom, seededRandom } from "../../harness/simulation/seeded-random.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import { type PlannedBatch, type PlannedJob, planBatches, planJobs, planStoppedJobs } from "./planned-jobs.ts";
import { type PlannedPause, planPauses } from "./planned-pauses.ts";
import { changedBesideTicks, type PlannedSchedule, planSchedules } from "./planned-schedules.ts";

/** A later call about an execution. */
export type Later = { what: "reschedule"; dueInMs: number } | { what: "cancel" | "abort" | "rerun" };

/** One execution of a simulation, or one tick of a cron. Times count from the begin. */
export interface Planned {
  atMs: number;
  functionName: string;
  isTick: boolean;
  /** Its lane, of a function whose concurrency is per customer. */
  customer: string;
  dueInMs: number;
  discardInMs?: number;
  code: UserCode;
  /** The caller names an idempotency key, and tries again until it is answered. */
  hasKey: boolean;
  /** The caller debounces it, with all others of its function that do. */
  isDebounced?: boolean;
  later?: Later & { afterMs: number };
}

/** Faults of a simulation. */
const faultKinds = [
  "doubled messages",
  "late messages",
  "visibility ends mid-run",
  "lagging indexes",
  "unpunctual timer",
  "clocks apart",
  "frozen workers",
  "killed processes",
  "failed calls",
  "throttled partitions",
  "tasks that do not start",
  "lost events",
] as const;
export type FaultKind = (typeof faultKinds)[number];

/** All that a simulation does, fixed by its seed. */
export interface Plan {
  seed: number;
  executions: readonly Planned[];
  schedules: readonly PlannedSchedule[];
  /** Bulk jobs, and batches that they act on. */
  jobs: readonly PlannedJob[];
  batches: readonly PlannedBatch[];
  pauses: readonly PlannedPause[];
  faults: readonly FaultKind[];
  /** A store that answers in seconds, and this many executions of one function that wait behind others. */
  backlog: number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** The places of plans that are aimed at something, among this many seeds. All others are ordinary ones. */
const SPECIAL_EVERY = 50;

const places = {
  /** Executions that wait behind others, and a store that answers in seconds. */
  backlog: [0],
  /** Runs that end while they are renewed. */
  renewals: [25],
  /** Executions that are changed in the moment in which they start, and calls of a debounce at once. */
  "changes beside starts": [12],
  /** Schedules that are changed while their ticks are made. */
  "changes beside ticks": [40],
  /** Many in one lane. */
  crowd: [10],
  "crowd above a rate": [20],
  /** Bulk jobs on batches. */
  jobs: [5, 15, 30, 45],
  /** Bulk jobs that are stopped while they work. */
  "stopped jobs": [38],
  /** Functions that are paused and resumed while their executions become due. */
  pauses: [35],
} as const;

/** `calm`: an ordinary one without faults. */
export type PlanKind = keyof typeof places | "ordinary" | "calm";

const FUNCTIONS = [
  "importContacts",
  "importContacts",
  "oneByOne",
  "twoAtMost",
  "perCustomer",
  "perCustomer",
  "fourASecond",
  "followed",
  "onFargate",
];

/** Makes the plan of a seed. One seed in eight has no faults at all, so that punctuality can be checked. */
export function planOf(seed: number): Plan {
  const place = seed % SPECIAL_EVERY;
  const kinds = Object.keys(places) as (keyof typeof places)[];
  return planOfKind(kinds.find((kind) => (places[kind] as readonly number[]).includes(place)) ?? "ordinary", seed);
}

/** Makes a plan of a kind. */
export function planOfKind(kind: PlanKind, seed: number): Plan {
  const random = seededRandom(seed);
  const someFaults = (calm: number) => (random.chance(calm) ? [] : faultKinds.filter(() => random.chance(0.5)));
  const without = { executions: [], schedules: [], pauses: [], jobs: [], batches: [], faults: [], backlog: 0 };
  const nothing: Plan = { seed, ...without };
  switch (kind) {
    case "renewals":
      return { ...nothing, executions: renewals(random) };
    case "changes beside starts":
      return { ...nothing, executions: changedBesideStarts(random) };
    case "changes beside ticks":
      return { ...nothing, schedules: changedBesideTicks(random) };
    case "crowd":
      return { ...nothing, executions: crowd("perCustomer") };
    case "crowd above a rate":
      return { ...nothing, executions: crowd("twoInTen") };
    case "jobs": {
      const faults = someFaults(1 / 4);
      return { ...nothing, batches: planBatches(random), jobs: planJobs(random), faults };
    }
    case "pauses":
      return { ...nothing, ...planPausedWork(random) };
    case "stopped jobs":
      return { ...nothing, ...planStoppedJobs(random) };
    case "backlog":
      return { ...nothing, executions: ordinary(random), backlog: 1_500 };
    case "calm":
    case "ordinary": {
      const faults = someFaults(1 / 8);
      const executions = ordinary(random);
      const schedules = planSchedules(random);
      // A second random source keeps the rest of each seed as it is.
      const more = seededRandom(seed ^ 0xf10c);
      const pauses = planPauses(more, FUNCTIONS);
      const all = { executions: [...executions, ...aboveRate(more)], schedules, pauses };
      return { ...nothing, ...all, faults: kind === "calm" ? [] : faults };
    }
  }
}

function ordinary(random: SeededRandom): Planned[] {
  return Array.from({ length: random.between(3, 16) }, (): Planned => {
    const isTick = random.chance(0.1);
    return {
      atMs: random.between(0, 5 * MINUTE),
      functionName: isTick ? "importContacts" : random.pick(FUNCTIONS),
      customer: random.pick(["acme", "globex"]),
      isTick,
      dueInMs: random.pick([0, 0, 0, random.between(1, 10_000), random.between(1, 20) * MINUTE, 31 * MINUTE]),
      ...(random.chance(0.1) && { discardInMs: random.between(0, 30) * MINUTE }),
      code: {
        ms: random.pick([10, 500, 3_000, 25_000, 70_000]),
        failures: random.pick([0, 0, 0, 1, 2, 9]),
        bytes: random.pick([10, 10, 6_000]),
      },
      hasKey: random.chance(0.3),
      isDebounced: random.chance(0.2),
      ...(random.chance(0.3) && {
        later: {
          afterMs: random.between(0, 40 * SECOND),
          ...random.pick<Later>([
            { what: "reschedule", dueInMs: random.between(0, 25) * MINUTE },
            { what: "cancel" },
            { what: "abort" },
            { what: "rerun" },
          ]),
        },
      }),
    };
  });
}

// Functions with and without limits, of each some that are due before, in and after a pause.
function planPausedWork(random: SeededRandom): Pick<Plan, "executions" | "pauses"> {
  const functions = ["importContacts", "perCustomer", "onFargate"];
  const beginMs = 20 * SECOND;
  const forMs = random.between(30, 60) * SECOND;
  return {
    pauses: functions.map((functionName) => ({ functionName, atMs: beginMs, forMs })),
    executions: functions.flatMap((functionName) =>
      Array.from({ length: 12 }, () => ({
        ...{ atMs: random.between(0, beginMs + forMs + 10 * SECOND), functionName, isTick: false, hasKey: false },
        ...{ customer: random.pick(["acme", "globex"]), dueInMs: 0, code: { ms: random.pick([10, 3_000]) } },
      })),
    ),
  };
}

// Some that come at about the same time, more than their rate allows.
function aboveRate(random: SeededRandom): Planned[] {
  if (random.chance(0.7)) return [];
  const beginMs = random.between(0, 4 * MINUTE);
  return Array.from({ length: random.between(3, 8) }, () => ({
    ...{ atMs: beginMs + random.between(0, 10 * SECOND), functionName: "twoInTen", isTick: false, hasKey: false },
    customer: random.pick(["acme", "globex"]),
    dueInMs: random.pick([0, 0, random.between(1, 5_000)]),
    code: { ms: random.pick([10, 3_000]), failures: random.pick([0, 0, 1]) },
  }));
}

// The later calls come some milliseconds around the due time.
function changedBesideStarts(random: SeededRandom): Planned[] {
  const usual = { functionName: "importContacts", customer: "acme", isTick: false, hasKey: false };
  const changed = Array.from({ length: 40 }, (_, index) => ({
    ...{ ...usual, atMs: index * SECOND, dueInMs: 5 * SECOND, code: { ms: 500 } },
    later: {
      afterMs: 5 * SECOND + random.between(-40, 60),
      ...random.pick<Later>([{ what: "reschedule", dueInMs: 20 * SECOND }, { what: "cancel" }, { what: "abort" }]),
    },
  }));
  const debounced = Array.from({ length: 40 }, (_, index) => ({
    ...{ ...usual, functionName: "followed", isDebounced: true, dueInMs: 0, code: { ms: 10 } },
    atMs: Math.floor(index / 4) * 7 * SECOND + random.between(0, 30),
  }));
  return [...changed, ...debounced];
}

// Runs that end about when their lease and their slot are renewed for the first time.
function renewals(random: SeededRandom): Planned[] {
  return Array.from({ length: 100 }, (_, index) => ({
    ...{ atMs: index * 10 * SECOND, functionName: "twoAtMost", customer: "acme" },
    ...{ isTick: false, dueInMs: 0, hasKey: false },
    code: { ms: random.between(15_240, 15_380) },
  }));
}

// Runs of one customer that all end at about the same moment, so that many hand their slots over at once.
function crowd(functionName: string): Planned[] {
  return Array.from({ length: 30 }, () => ({
    ...{ atMs: 0, functionName, customer: "acme", isTick: false, dueInMs: 0, hasKey: false },
    code: { ms: 500 },
  }));
}

/** The smallest plan, of fewer executions and faults, that `isBroken` as well. */
export async function shrink(plan: Plan, isBroken: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  for (let current = plan; ; ) {
    const smaller = await firstBroken(candidates(current), isBroken);
    if (smaller === undefined) return current;
    current = smaller;
  }
}

// The boldest first: no schedules, no pauses, half of the executions, then all but one, then all but one kind of fault.
function* candidates(plan: Plan): Generator<Plan> {
  const { executions, schedules, pauses, jobs, batches, faults } = plan;
  if (schedules.length > 0) yield { ...plan, schedules: [] };
  if (pauses.length > 0) yield { ...plan, pauses: [] };
  const half = Math.ceil(executions.length / 2);
  if (half < executions.length) {
    yield { ...plan, executions: executions.slice(0, half) };
    yield { ...plan, executions: executions.slice(half) };
  }
  for (const kind of faults) yield { ...plan, faults: faults.filter((it) => it !== kind) };
  for (const one of schedules) {
    yield { ...plan, schedules: schedules.filter((it) => it !== one) };
    if (one.changes.length > 0) yield { ...plan, schedules: [{ ...one, changes: [] }] };
  }
  for (const one of jobs) yield { ...plan, jobs: jobs.filter((it) => it !== one) };
  for (const one of batches) yield { ...plan, batches: batches.filter((it) => it !== one) };
  if (executions.length + schedules.length > 1) {
    for (const one of executions) yield { ...plan, executions: executions.filter((it) => it !== one) };
  }
}

async function firstBroken(
  plans: Iterable<Plan>,
  isBroken: (plan: Plan) => Promise<boolean>,
): Promise<Plan | undefined> {
  for (const plan of plans) if (await isBroken(plan)) return plan;
  return undefined;
}
