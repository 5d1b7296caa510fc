import { aCloud, type RunningCloud } from "../harness/a-cloud.ts";
import { type Bench, distribution, type Figure } from "./figure.ts";
import { inParallel } from "./in-parallel.ts";
import { measureLateness } from "./measure-lateness.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const AHEAD_MS = 120 * MINUTE_MS;
/** A schedule leaves the timer so long before it is due. */
const FIRES_BEFORE_MS = 2 * MINUTE_MS;
const CALLS_AT_ONCE = 8;

/** How long after their due time executions start. */
export const bench: Bench = async () => ({
  figures: [...(await soon()), ...(await beyondTheQueues())],
  notes: [
    "An execution does next to nothing; some were run before, so that environments are warm. Each ran, none started early.",
    "Here a function has four environments at most on two cores: 1,000 due in one second wait for each other, not for a timer.",
    "Two hours ahead: the clock is put forward to where schedules leave the timer, two minutes before; from there on it is real time.",
  ],
});

async function soon(): Promise<Figure[]> {
  await using running = await aCloud({ dynamodb: "dynalite" });
  await warmUp(running);
  const alone: number[] = [];
  for (let time = 0; time < 20; time++) alone.push(...(await measureLateness(running, await enqueue(running, 1))));
  const spread = () => SECOND_MS + Math.random() * 14 * SECOND_MS;
  return [
    distribution("due now, one at a time", "ms", alone),
    await late("due now, 50 at once", running, await enqueue(running, 50)),
    await late("due now, 1,000 at once", running, await enqueue(running, 1_000)),
    await late("in 1 to 15 s, 50 at random", running, await enqueue(running, 50, spread)),
    await late(
      "in 5 to 25 s, 500 at random",
      running,
      await enqueue(running, 500, () => (5 + Math.random() * 20) * SECOND_MS),
    ),
    await late("in 15 s, 50 in the same second", running, await enqueue(running, 50, at(15))),
    // Enqueuing them takes about this long.
    await late("in 60 s, 1,000 in the same second", running, await enqueue(running, 1_000, at(60))),
  ];
}

async function beyondTheQueues(): Promise<Figure[]> {
  await using running = await aCloud({ dynamodb: "dynalite" });
  await warmUp(running);
  const begin = Date.now();
  const one = await enqueue(running, 20, () => AHEAD_MS + Math.random() * 20 * SECOND_MS);
  const some = await enqueue(running, 50, () => AHEAD_MS + 30 * SECOND_MS);
  const many = await enqueue(running, 1_000, () => AHEAD_MS + 50 * SECOND_MS);
  await running.cloud.advanceClock(AHEAD_MS - FIRES_BEFORE_MS - (Date.now() - begin) - SECOND_MS);
  return [
    await late("two hours ahead, 20 at random", running, one),
    await late("two hours ahead, 50 in the same second", running, some),
    await late("two hours ahead, 1,000 in the same second", running, many),
  ];
}

function at(seconds: number): () => number {
  return () => seconds * SECOND_MS;
}

async function warmUp(running: RunningCloud): Promise<void> {
  await measureLateness(running, await enqueue(running, 20));
}

/** `dueInMs`: counted from now on for all of them; without it they are due at once. */
async function enqueue({ calls }: RunningCloud, count: number, dueInMs?: () => number): Promise<string[]> {
  const nowMs = Date.now();
  return inParallel(count, CALLS_AT_ONCE, () => {
    const more = dueInMs && { schedule_for: new Date(nowMs + dueInMs()).toISOString() };
    return calls.enqueue("nothing", [], more);
  });
}

async function late(name: string, running: RunningCloud, ids: readonly string[]): Promise<Figure> {
  return distribution(name, "ms", await measureLateness(running, ids));
}
