import { aCreated } from "../harness/an-execution.ts";
import { memoryPorts } from "../harness/memory/memory-ports.ts";
import type { Execution } from "../lambdas/core/execution.ts";
import { type ExecutionId, functionId, newExecutionId, shardOf } from "../lambdas/core/ids.ts";
import type { BulkJob } from "../lambdas/core/jobs/bulk-job.ts";
import { startBulk } from "../lambdas/flows/bulk.ts";
import { workJob } from "../lambdas/flows/work-job.ts";
import type { Bench } from "./figure.ts";

const COUNT = 100_000;
const PER_SECOND = 1_000;
const FUNCTION = "importContacts";
const START_MS = 1_800_000_000_000;

/** Re-runs 100,000 executions with one job, over ports in memory, each message delivered twice. */
export const bench: Bench = async () => {
  const ports = memoryPorts(START_MS);
  const originals = Array.from({ length: COUNT }, (_, index) => original(START_MS - COUNT + index));
  for (const execution of originals) ports.executions.records.set(execution.id, execution);
  ports.indexes.read = sortedLists(originals);
  const begin = performance.now();
  const { id } = await startBulk(ports, { action: "rerun", filters: {}, force: false, perSecond: PER_SECOND });
  let steps = 0;
  for (let next = ports.jobMessages.sent.shift(); next !== undefined; next = ports.jobMessages.sent.shift()) {
    ports.clock.advance(next.delaySeconds * 1000);
    steps += 1;
    await Promise.all([workJob(ports, next.message, false), workJob(ports, next.message, false)]);
  }
  const seconds = (performance.now() - begin) / 1000;
  const job = (await ports.jobs.get(id)) as BulkJob;
  const reruns = [...ports.executions.records.values()].flatMap(({ rerunOf }) => rerunOf ?? []);
  const row = `${COUNT} re-runs`;
  const figure = (name: string, value: number, unit = "") => ({ row, name, unit, value, n: 1 });
  return {
    figures: [
      figure("done", job.done),
      figure("made", reruns.length),
      figure("made twice", reruns.length - new Set(reruns).size),
      figure("steps", steps),
      figure("by the job's clock", (job.updatedAtMs - job.createdAtMs) / 1000, "s"),
      figure("of this machine", seconds, "s"),
      figure("a step", (1000 * seconds) / steps, "ms"),
    ],
    notes: [
      `The flows as deployed, over ports in memory; ${PER_SECOND} a second by a clock that is moved on.`,
      "Each message is delivered twice at the same time: what one has done the other repeats, and only one goes on.",
    ],
  };
};

function original(createdAtMs: number): Execution {
  const own = functionId(FUNCTION);
  const id = newExecutionId(createdAtMs, crypto.getRandomValues(new Uint8Array(16)), own);
  const { recheckAtMs: _, ...created } = aCreated({ id, functionName: FUNCTION, functionId: own, createdAtMs });
  return { ...created, state: "failed", errorCode: "ER0000", startedAtMs: createdAtMs, finishedAtMs: createdAtMs };
}

/** The `all` index of executions that are there, as sorted lists: those in memory sort for each read. */
function sortedLists(executions: readonly Execution[]): ReturnType<typeof memoryPorts>["indexes"]["read"] {
  const shards = Map.groupBy(executions.map(({ id }) => id).sort(), (id) => shardOf(id, 4));
  return async (partition, { from = "", to = "~", limit }) => {
    const ids: ExecutionId[] = ("shard" in partition && shards.get(partition.shard)) || [];
    const start = firstFrom(ids, from);
    const keys = ids.slice(start, start + limit).filter((id) => id <= to);
    return { keys, isEnd: keys.length < limit };
  };
}

function firstFrom(ids: readonly string[], from: string): number {
  let [low, high] = [0, ids.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ids[middle] ?? "") < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
