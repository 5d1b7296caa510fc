import { distribution, type Figure } from "../figure.ts";
import type { NewJob, Peer } from "./peer.ts";

/** How much of everything, and for how long at most. */
export interface Amounts {
  jobs: number;
  oneByOne: number;
  delayed: number;
  seeded: number;
  lists: number;
  /** For each of the four. */
  maxMs: number;
}

const AT_ONCE = 8;
const PARKED_MS = 600_000;
const SPREAD_MS = 10_000;
const AHEAD_MS = 3_000;

/** The same work on any peer: accepting, starting at once, starting when due, finding. */
export async function measure(peer: Peer, amounts: Amounts): Promise<Figure[]> {
  await warmUp(peer);
  return [
    await startsAtOnce(peer, amounts),
    await startsWhenDue(peer, amounts),
    await enqueueRate(peer, amounts),
    ...(await lists(peer, amounts)),
  ];
}

// One job of each kind: connections, statements, and in Epoque processes, are there from then on.
async function warmUp(peer: Peer): Promise<void> {
  for (const scheduledAtMs of [undefined, Date.now() + 1_000]) {
    const key = `warm-up ${scheduledAtMs}`;
    await peer.enqueue({ key, user: "0", ...(scheduledAtMs !== undefined && { scheduledAtMs }) });
    await peer.began(key);
  }
}

async function startsAtOnce(peer: Peer, { oneByOne, maxMs }: Amounts): Promise<Figure> {
  const samples: number[] = [];
  const untilMs = Date.now() + maxMs;
  while (samples.length < oneByOne && Date.now() < untilMs) {
    const key = `at once ${samples.length}`;
    const enqueuedAtMs = Date.now();
    await peer.enqueue({ key, user: "0" });
    samples.push((await peer.began(key)) - enqueuedAtMs);
  }
  return distribution(`${peer.name}: enqueue to start, one by one`, "ms", samples);
}

async function startsWhenDue(peer: Peer, { delayed }: Amounts): Promise<Figure> {
  const fromMs = Date.now() + AHEAD_MS;
  const jobs: Required<NewJob>[] = Array.from({ length: delayed }, (_, index) => ({
    key: `delayed ${index}`,
    user: "0",
    scheduledAtMs: fromMs + Math.round((index * SPREAD_MS) / delayed),
  }));
  for (const job of jobs) await peer.enqueue(job);
  const samples = await Promise.all(
    jobs.map(async ({ key, scheduledAtMs }) => (await peer.began(key)) - scheduledAtMs),
  );
  return distribution(`${peer.name}: start of delayed jobs, after due`, "ms", samples);
}

async function enqueueRate(peer: Peer, { jobs, maxMs }: Amounts): Promise<Figure> {
  const begin = performance.now();
  const scheduledAtMs = Date.now() + PARKED_MS;
  let begun = 0;
  let accepted = 0;
  const caller = async () => {
    while (begun < jobs && performance.now() - begin < maxMs) {
      await peer.enqueue({ key: `parked ${begun++}`, user: "0", scheduledAtMs });
      accepted++;
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, caller));
  const value = (1_000 * accepted) / (performance.now() - begin);
  return { name: `${peer.name}: enqueue, ${AT_ONCE} at once`, unit: "jobs/s", value, n: accepted };
}

async function lists(peer: Peer, { seeded, lists: most, maxMs }: Amounts): Promise<Figure[]> {
  const made = await peer.seed(seeded, Date.now() + maxMs);
  const samples: number[] = [];
  const untilMs = Date.now() + maxMs;
  while (samples.length < most && Date.now() < untilMs) {
    const begin = performance.now();
    const found = await peer.list(String(7 * (samples.length + 1)));
    samples.push(performance.now() - begin);
    if (found === 0) throw new Error(`${peer.name} found none of ${made} jobs`);
  }
  return [distribution(`${peer.name}: list 50 by a metadata value, of ${made}`, "ms", samples)];
}
