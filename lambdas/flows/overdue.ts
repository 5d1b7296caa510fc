import type { OverduePart } from "../core/execution.ts";
import { type ExecutionId, tagOf } from "../core/ids.ts";
import { idOfJob } from "../core/jobs/key.ts";
import type { Clock, Indexes } from "../core/ports.ts";
import { nameOfSchedule } from "../core/schedules/key.ts";
import { takeTurns } from "../core/take-turns.ts";

/** More than one sweep can check. */
const MAX_IDS = 10_000;

/** Everything whose recheck time is past. */
export interface Overdue {
  /** Reads in turns by function; of each function in turns by part, and of each part the longest overdue first. */
  ids: ExecutionId[];
  /** Names of schedules whose message did not come. */
  schedules: string[];
  /** Ids of jobs whose step was not worked. */
  jobs: string[];
  /** Whether that is all. */
  isWhole: boolean;
}

/**
 * Reads the indexes of what is overdue in these parts, however long, so that the burst of one function never stands
 * before what another one has lost: the indexes cost a hundredth of the records.
 * @param onError called where a part could not be read to its end: the others count all the same
 */
export async function readOverdue(
  { indexes, clock }: { indexes: Indexes; clock: Clock },
  parts: readonly OverduePart[],
  untilMs: number,
  onError: (error: unknown) => void,
): Promise<Overdue> {
  const nowMs = clock.now();
  let isWhole = true;
  const schedules: string[] = [];
  const jobs: string[] = [];
  const readPart = async (
    byFunction: Map<string, Set<ExecutionId>>,
    { shard, part }: { shard: number; part: OverduePart },
  ): Promise<void> => {
    for await (const page of indexes.overdue({ shard, part }, nowMs)) {
      for (const key of page) {
        const schedule = nameOfSchedule(key);
        if (schedule !== undefined) {
          if (schedules.length < MAX_IDS) schedules.push(schedule);
          else isWhole = false;
          continue;
        }
        const job = idOfJob(key);
        if (job !== undefined) {
          jobs.push(job);
          continue;
        }
        const id = key as ExecutionId;
        const ids = byFunction.get(tagOf(id)) ?? new Set();
        byFunction.set(tagOf(id), ids);
        if (ids.size < MAX_IDS) ids.add(id);
        else isWhole = false;
      }
      if (clock.now() >= untilMs) {
        isWhole = false;
        break;
      }
    }
  };
  const shards = Array.from({ length: indexes.shards }, (_, shard) => shard);
  const lists = await Promise.all(
    parts
      .flatMap((part) => shards.map((shard) => ({ shard, part })))
      .map(async (place) => {
        const byFunction = new Map<string, Set<ExecutionId>>();
        await readPart(byFunction, place).catch((error: unknown) => {
          isWhole = false;
          onError(error);
        });
        return byFunction;
      }),
  );
  const tags = new Set(lists.flatMap((byFunction) => [...byFunction.keys()]));
  const ofTag = (tag: string) => takeTurns(lists.map((byFunction) => [...(byFunction.get(tag) ?? [])]));
  const ids = takeTurns([...tags].map(ofTag));
  return { ids: ids.slice(0, MAX_IDS), schedules, jobs, isWhole: isWhole && ids.length <= MAX_IDS };
}

/**
 * Reads what runs and is not fresh, the oldest first, some ten thousand at most: a dead worker is among it, wherever
 * its entry stands in a backlog that is longer than a sweep can read.
 */
export async function readRunning({ indexes }: { indexes: Indexes }): Promise<ExecutionId[]> {
  const oldest = { direction: "oldestFirst", from: undefined, to: undefined } as const;
  const limit = Math.ceil(MAX_IDS / indexes.shards);
  const shards = Array.from({ length: indexes.shards }, (_, shard) => shard);
  const pages = await Promise.all(
    (["started", "aborting"] as const).flatMap((state) =>
      shards.map((shard) => indexes.read({ index: "state", state, isFresh: false, shard }, { ...oldest, limit })),
    ),
  );
  return takeTurns(pages.map(({ keys }) => keys));
}
