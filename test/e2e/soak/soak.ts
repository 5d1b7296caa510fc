import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { aCloud, type RunningCloud } from "../../../harness/a-cloud.ts";
import { until } from "../../../harness/until.ts";
import type { KillAim } from "../../../local/gateway/faults/kills.ts";
import type { FaultPlan } from "../../../local/gateway/faults/plan.ts";
import { brokenByHistory } from "./check-history.ts";
import { BULK, type ShownJob } from "./check-jobs.ts";
import { filtersFor, type ReadList } from "./check-lists.ts";
import { brokenFlowControl, missingFollowUps } from "./flow-control.ts";
import { type History, look, lookOn, recorded, type Stored } from "./history.ts";
import { begin, postpone, type Scene, startJobs } from "./kinds.ts";
import { brokenBy, brokenCapacity, FINAL, leftOver, parseNotes, type Shown } from "./promises.ts";

/** The findings once everything has settled. */
export interface Settled {
  /** Every promise that was not kept, in words. */
  broken: string[];
  /** How many executions the API accepted. */
  accepted: number;
  /** How many executions came to which state. */
  states: Record<string, number>;
  injected: string[];
  rounds: number;
  /** Recorded calls of the API, and how many of them had no answer. */
  calls: { all: number; unknown: number };
}

/** 10 % of the calls of our Lambdas go wrong in one way or another, and 10 % of their invocations end with a kill. */
const faults = (seed: number): FaultPlan => ({
  seed,
  ...{ throttled: 0.03, failed: 0.02, timedOut: 0.002, cutBefore: 0.02, cutAfter: 0.03, unprocessed: 0.02 },
  ...{ twice: 0.05, late: 0.05, neverFired: 0.3, firedTwice: 0.1 },
  ...{ killed: 0.1, killWithinMs: 400, visibleAgainSeconds: 8 },
});

const written = (count: number) => ({ service: "dynamodb", action: "PutItem", count });
const sent = { service: "sqs", action: "SendMessage" };

/** Each point at which a worker that dies leaves something half done; the other kills come at random. */
const kills: KillAim[] = [
  { functionName: /-api$/, call: sent, moment: "before_effect" },
  { functionName: /-fire$/, call: sent, moment: "before_effect" },
  { functionName: /-fire$/, call: sent, moment: "before_response" },
  { functionName: /-sweep$/, call: written(1), moment: "before_response" },
  // After the claim; while user code runs; after the first of the two final writes; after both.
  { functionName: /-fn-note$/, call: written(1), moment: "before_response" },
  { functionName: /-fn-note$/, call: written(1), moment: "after_response", delayMs: 120 },
  { functionName: /-fn-note$/, call: written(2), moment: "before_response" },
  { functionName: /-fn-note$/, call: written(3), moment: "before_response" },
  { functionName: /-fn-oneByOne$/, call: written(1), moment: "after_response", delayMs: 120 },
  { functionName: /-fn-twoAtOnce$/, call: written(1), moment: "after_response", delayMs: 300 },
  // While a page of a bulk job is acted on, and after that, before it is counted.
  { functionName: /-bulk$/, call: written(1), moment: "before_response" },
  { functionName: /-bulk$/, call: written(3), moment: "before_response" },
  // The same of a task, and of the Lambda that launches it: before and after RunTask, and behind a task that has
  // stopped.
  { functionName: /-fn-onFargate$/, call: written(1), moment: "before_effect" },
  { functionName: /-fn-onFargate$/, call: written(1), moment: "before_response" },
  { functionName: /-fn-onFargate$/, call: written(1), moment: "after_response", delayMs: 120 },
  { functionName: /-fn-onFargate$/, call: written(2), moment: "before_response" },
  { functionName: /-fn-onFargate$/, call: written(3), moment: "before_response" },
  { functionName: /-launch$/, call: { service: "ecs", action: "RunTask" }, moment: "before_effect" },
  { functionName: /-launch$/, call: { service: "ecs", action: "RunTask" }, moment: "before_response" },
];

/**
 * Runs `executions` executions of every kind under faults and kills, lets the system settle and checks that each
 * promise is kept.
 */
export async function soak(seed: number, executions: number, { fargate = false } = {}): Promise<Settled> {
  const folder = await mkdtemp(join(tmpdir(), "epoque-soak-"));
  const file = join(folder, "notes");
  try {
    await using cloud = await aCloud({
      functions: "test/fixtures/soak/defer",
      dynamodb: "dynalite",
      faults: { ...faults(seed), ...(fargate && { refused: 0.1, notStarted: 0.1, eventLost: 0.2 }) },
    });
    const history: History = { calls: [], looks: [] };
    const running = { ...cloud, calls: recorded(cloud.calls, history) };
    await using onlooker = lookOn(running, history);
    const scene: Scene = { running, file, seed, fargate };
    for (const aim of kills) void running.cloud.faults.killOnce(aim);
    const accepted = await Promise.all(
      Array.from({ length: executions }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 30));
        return begin(scene, index);
      }),
    );
    await startJobs(scene);
    // Executions due in 20 minutes leave the timer and lost ones are recovered, under faults too.
    for (const ms of STEPS_UNDER_FAULTS_MS) await advance(running, ms);
    running.cloud.faults.stop();
    accepted.push(await postpone(scene, Date.now() + STEPS_UNDER_FAULTS_MS.reduce((sum, ms) => sum + ms)));
    const { shown, jobs, rounds } = await settle(running);
    await onlooker.stop();
    const records = await look(running, history);
    const filtered = await readFiltered(running, records);
    const notes = parseNotes(await readFile(file, "utf-8"));
    const missing = accepted.filter((id) => id !== undefined && !shown.some((it) => it.id === id));
    const of = (name: string) => {
      const keys = new Set(shown.filter((it) => it.function_name === name).map(({ metadata }) => metadata["key"]));
      return notes.filter(({ key }) => keys.has(key));
    };
    return {
      broken: [
        ...missing.map((id) => `${id} is lost`),
        ...shown.flatMap((each) => brokenBy(each, notes)),
        ...brokenCapacity(of("oneByOne"), 1),
        ...brokenCapacity(of("twoAtOnce"), 2),
        ...brokenCapacity(of("onFargate"), 2),
        ...brokenFlowControl(history, shown, notes),
        ...brokenByHistory(history, { listed: shown, filtered, jobs }),
        ...(await leftOver(running)),
      ],
      accepted: accepted.filter((id) => id !== undefined).length,
      states: countBy(shown, ({ state }) => state),
      injected: running.cloud.faults.injected,
      rounds,
      calls: {
        all: history.calls.length,
        unknown: history.calls.filter(({ outcome }) => outcome === "unknown").length,
      },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const STEPS_UNDER_FAULTS_MS = [90_000, 90_000, 900_000, 90_000];
const MAX_ROUNDS = 30;

/** Lets time pass, for leases, retries and sweeps, until every execution is final, and every bulk job over. */
async function settle(running: RunningCloud): Promise<{ shown: Shown[]; jobs: ShownJob[]; rounds: number }> {
  for (let rounds = 1; ; rounds++) {
    const { data: jobs } = (await running.calls.send("GET", BULK)) as { data: ShownJob[] };
    // After the jobs, which make executions as long as they run.
    const shown = await list(running);
    const areFinal = shown.every(({ state }) => FINAL.has(state)) && jobs.every(({ state }) => state !== "running");
    const isOver = areFinal && missingFollowUps(shown).length === 0;
    if (rounds === MAX_ROUNDS || isOver) return { shown, jobs, rounds };
    await advance(running, rounds < 6 ? 120_000 : 600_000);
  }
}

/** Puts the clock forward, where nobody works: what runs would be taken for lost, since its own clock stands still. */
async function advance({ cloud }: RunningCloud, ms: number): Promise<void> {
  // Messages under way get there.
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const working = () => cloud.environments(/-fn-/).filter(({ state }) => state === "running");
  // A task goes on with what is parked in its lane, one execution after the other.
  await until(working, ({ length }) => length === 0, 300_000);
  await cloud.advanceClock(ms);
}

interface Page {
  data: Shown[];
  page_info: { has_next_page: boolean; end_cursor?: string };
}

/** Reads lists by filters, in pages so small that most have several. */
function readFiltered(running: RunningCloud, records: readonly Stored[]): Promise<ReadList[]> {
  return Promise.all(
    filtersFor(records).map(async ({ filters, ...read }) => ({ ...read, listed: await list(running, filters, 5) })),
  );
}

/** All executions there are, also those that others began. */
async function list({ calls }: RunningCloud, filters = {}, first = 100): Promise<Shown[]> {
  const all: Shown[] = [];
  for (let after: string | undefined, isMore = true; isMore; ) {
    const page = (await calls.send("POST", "", { page: { first, after }, filters })) as Page;
    all.push(...page.data);
    isMore = page.page_info.has_next_page;
    after = page.page_info.end_cursor;
  }
  return all;
}

function countBy<T>(items: readonly T[], by: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[by(item)] = (counts[by(item)] ?? 0) + 1;
  return counts;
}
