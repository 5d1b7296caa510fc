import type { Bench, BenchResult } from "./figure.ts";
import { startBullmq } from "./peers/bullmq.ts";
import { startClientLocal } from "./peers/client-local.ts";
import { startEpoque } from "./peers/epoque.ts";
import { startGraphileWorker } from "./peers/graphile-worker.ts";
import { type Amounts, measure } from "./peers/measure.ts";
import { Missing, type Peer } from "./peers/peer.ts";
import { startPgBoss } from "./peers/pg-boss.ts";

const SOME: Amounts = { jobs: 500, oneByOne: 50, delayed: 50, seeded: 100_000, lists: 10, maxMs: 120_000 };
const MORE: Amounts = { jobs: 5_000, oneByOne: 200, delayed: 200, seeded: 100_000, lists: 50, maxMs: 300_000 };

const peers = {
  "pg-boss": startPgBoss,
  "Graphile Worker": startGraphileWorker,
  BullMQ: startBullmq,
  "client's local backend": startClientLocal,
  "Epoque, local cloud": startEpoque,
};

/** The same work on what people use for this otherwise, each with a server of its own on this machine. */
export const bench: Bench = async ({ full }) => {
  const results: BenchResult[] = [];
  for (const [name, start] of Object.entries(peers)) results.push(await measured(name, start, full ? MORE : SOME));
  return {
    figures: results.flatMap(({ figures }) => figures),
    notes: [
      "A job notes the time and ends. One job of each kind goes before as a warm-up; setting up and the writing of the jobs that are listed are not counted.",
      "Enqueued are jobs due in ten minutes, so that nothing runs meanwhile; delayed jobs are due one after the other within 10 s; of a thousand users each has one job in a thousand. Where fewer jobs could be written within the time, the figure says how many there were.",
      ...results.flatMap(({ notes }) => notes),
    ],
  };
};

async function measured(name: string, start: () => Promise<Peer>, amounts: Amounts): Promise<BenchResult> {
  let peer: Peer;
  try {
    peer = await start();
  } catch (error) {
    if (error instanceof Missing) return { figures: [], notes: [`${name} is skipped: ${error.message}.`] };
    throw error;
  }
  try {
    return { figures: await measure(peer, amounts), notes: [peer.setUp] };
  } finally {
    await peer.stop();
  }
}
