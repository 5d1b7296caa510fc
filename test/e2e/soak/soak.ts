import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListSchedulesCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import type { FaultPlan } from "../../../local/door/faults/plan.ts";
import { aCloud, type RunningCloud } from "../../support/a-cloud.ts";

/** An execution as the API shows it. */
interface Shown {
  id: string;
  state: string;
  function_name: string;
  scheduled_at: string;
  started_at?: string;
  finished_at?: string;
  attempt: number;
  metadata: Record<string, string>;
}

/** What was found when everything had settled. */
export interface Settled {
  /** Every promise that was not kept, in words. */
  broken: string[];
  /** How many executions came to which state. */
  states: Record<string, number>;
  injected: string[];
  rounds: number;
}

const EXECUTIONS = 120;
const FINAL = new Set(["succeed", "failed", "cancelled", "aborted", "discarded"]);

/**
 * 10 % of the calls of our Lambdas go wrong in one way or another, and 10 % of their invocations end with a kill. Not
 * those of the FIFO function: a killed worker's message blocks its queue for 90 s of real time.
 */
const faults = (seed: number): FaultPlan => ({
  seed,
  ...{ throttled: 0.03, failed: 0.02, timedOut: 0.002, cutBefore: 0.02, cutAfter: 0.03, unprocessed: 0.02 },
  ...{ twice: 0.05, late: 0.05, neverFired: 0.3, firedTwice: 0.1 },
  killed: 0.1,
  functions: /^(?!Epoque-fn-oneByOne)/,
});

/** Executions of every kind under faults and kills; then lets the system settle and looks whether each promise is kept. */
export async function soak(seed: number): Promise<Settled> {
  const folder = await mkdtemp(join(tmpdir(), "epoque-soak-"));
  const file = join(folder, "notes");
  try {
    await using running = await aCloud({
      functions: "test/fixtures/soak/defer",
      dynamodb: "dynalite",
      faults: faults(seed),
    });
    const accepted = new Map<string, Shown>();
    await Promise.all(
      Array.from({ length: EXECUTIONS }, async (_, index) => {
        await new Promise((resolve) => setTimeout(resolve, index * 40));
        const id = await begin(running, file, index, seed);
        if (id !== undefined) accepted.set(id, { id } as Shown);
      }),
    );
    running.cloud.faults?.stop();
    const rounds = await settle(running, accepted);
    const notes = (await readFile(file, "utf-8")).trim().split("\n");
    const shown = [...accepted.values()];
    const states: Record<string, number> = {};
    for (const { state } of shown) states[state] = (states[state] ?? 0) + 1;
    return {
      broken: [...shown.flatMap((each) => brokenBy(each, notes)), ...brokenOrder(notes), ...(await leftOver(running))],
      states,
      injected: running.cloud.faults?.injected ?? [],
      rounds,
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One execution of the kind that `index` says; `undefined` if it was never accepted. */
async function begin(running: RunningCloud, file: string, index: number, seed: number): Promise<string | undefined> {
  const key = `k${index}`;
  const later = (ms: number) => new Date(Date.now() + ms).toISOString();
  const enqueue = (functionName: string, args: unknown[], more: object = {}) =>
    persistently(
      running,
      "PUT",
      "",
      { function_name: functionName, function_arguments: args, metadata: { key }, ...more },
      `${seed}-${key}`,
    );
  const note = (ms: number, failures: number, more?: object) => enqueue("note", [file, key, ms, failures], more);
  const kinds = [
    () => note(20, 0),
    () => note(20, 0, { schedule_for: later(2_500) }),
    () => note(20, 2),
    () => note(20, 9),
    () => note(20, 0, { schedule_for: later(3_600_000) }),
    () => enqueue("oneByOne", [file, key]),
    () => enqueue("parent", [file, key]),
    async () => {
      const id = await note(60_000, 0);
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      if (id !== undefined) await persistently(running, "POST", `/${id}/cancellation`, { force: true });
      return id;
    },
    async () => {
      const id = await note(20, 0, { schedule_for: later(600_000) });
      if (id !== undefined) await persistently(running, "PATCH", `/${id}/schedule`, { schedule_for: later(1_000) });
      return id;
    },
    async () => {
      const id = await note(20, 0, { schedule_for: later(600_000) });
      if (id !== undefined) await persistently(running, "POST", `/${id}/cancellation`, {});
      return id;
    },
  ];
  return kinds[index % kinds.length]?.();
}

/** As a careful caller does: tries again while the service says that it is not its fault. */
async function persistently(
  running: RunningCloud,
  method: string,
  path: string,
  body: object,
  key?: string,
): Promise<string | undefined> {
  for (let tries = 0; tries < 12; tries++) {
    try {
      const answer = (await running.calls.send(method, path, body, key)) as { data?: { id: string } };
      return answer.data?.id;
    } catch (error) {
      const status = Number(/: (\d{3}) /.exec(String(error))?.[1] ?? 500);
      if (status < 500) return undefined;
      await new Promise((resolve) => setTimeout(resolve, 100 * (tries + 1)));
    }
  }
  return undefined;
}

/** Lets time pass, for leases, retries and sweeps, until every execution is final. Returns after how many rounds. */
async function settle({ cloud, calls }: RunningCloud, accepted: Map<string, Shown>): Promise<number> {
  for (let round = 1; round <= 25; round++) {
    // What still runs comes to its end: the clock of a running attempt does not move.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    for (const id of accepted.keys()) {
      if (FINAL.has(accepted.get(id)?.state ?? "")) continue;
      accepted.set(id, ((await calls.send("GET", `/${id}`)) as { data: Shown }).data);
    }
    if ([...accepted.values()].every(({ state }) => FINAL.has(state))) return round;
    // An hour ahead is reached in steps that sweeps and queues can follow.
    await cloud.advanceClock(round < 4 ? 90_000 : 600_000);
  }
  return 25;
}

function brokenBy(shown: Shown, notes: readonly string[]): string[] {
  const { id, state, metadata, attempt } = shown;
  const name = `${id} (${shown.function_name} ${metadata["key"]}, ${state})`;
  const begun = notes.filter(
    (line) => line.startsWith(`begin ${metadata["key"]} `) || line === `enter ${metadata["key"]}`,
  );
  const broken: string[] = [];
  if (!FINAL.has(state)) broken.push(`${name} is not final`);
  if (begun.length > attempt) broken.push(`${name} began ${begun.length} times in ${attempt} attempts`);
  if (state === "succeed" && shown.function_name !== "parent" && begun.length === 0) broken.push(`${name} never ran`);
  if (state === "cancelled" && begun.length > 0) broken.push(`${name} ran`);
  if (shown.started_at !== undefined && shown.started_at < shown.scheduled_at) broken.push(`${name} was early`);
  return broken;
}

/** One at a time: whoever enters leaves before the next one, or was killed. */
function brokenOrder(notes: readonly string[]): string[] {
  const inside = new Set<string>();
  const broken: string[] = [];
  for (const line of notes) {
    const [what, key = ""] = line.split(" ");
    if (what === "enter") inside.add(key);
    if (what === "leave" && !inside.delete(key)) broken.push(`${key} left without entering`);
    if (what === "enter" && inside.size > 1) {
      // A killed one never leaves; then nobody else may be inside.
      const stuck = [...inside].filter((each) => notes.includes(`leave ${each}`));
      if (stuck.length > 1) broken.push(`${stuck.join(" and ")} ran at once`);
    }
  }
  return broken;
}

async function leftOver(running: RunningCloud): Promise<string[]> {
  const scheduler = new SchedulerClient(running.client);
  const { Schedules = [] } = await scheduler.send(new ListSchedulesCommand({ GroupName: "Epoque-timer" }));
  const timers = Schedules.filter(({ Name = "" }) => /^[0-9a-f-]{36}-\d+$/.test(Name));
  return timers.map(({ Name }) => `the schedule ${Name} is left over`);
}
