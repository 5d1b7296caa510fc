import type { Ports } from "../../harness/simulation/conditions.ts";
import type { SeededRandom } from "../../harness/simulation/seeded-random.ts";
import type { System } from "../../harness/simulation/system.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { type BulkInput, startBulk, stopBulk } from "../../lambdas/flows/bulk.ts";
import { enqueueBatch } from "../../lambdas/flows/enqueue-batch.ts";

/** A bulk job of a simulation, on all executions of a function. Times count from the begin. */
export interface PlannedJob extends Pick<BulkInput, "action" | "perSecond" | "limit"> {
  atMs: number;
  functionName: string;
  /** A caller stops it that long after it was told of it. */
  stopAfterMs?: number;
}

/** A call of a simulation that enqueues many. */
export interface PlannedBatch {
  atMs: number;
  items: readonly { functionName: string; customer: string; code: UserCode; hasKey: boolean }[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Tries of a caller that is not answered. */
const TRIES = 6;

/** Each has one job at most: a record remembers the last job that has changed it. */
const FUNCTIONS = ["importContacts", "oneByOne", "perCustomer", "fourASecond"];

/** Makes jobs on what {@link planBatches} enqueues, some of them while it runs. */
export function planJobs(random: SeededRandom): PlannedJob[] {
  return FUNCTIONS.slice(0, random.between(1, FUNCTIONS.length)).map((functionName) => ({
    atMs: random.between(10 * SECOND, 4 * MINUTE),
    functionName,
    action: random.pick(["rerun", "rerun", "cancel", "reschedule"] as const),
    perSecond: random.pick([1, 1, 3, 50]),
    ...(random.chance(0.2) && { limit: random.between(1, 4) }),
    ...(random.chance(0.3) && { stopAfterMs: random.between(0, 10 * SECOND) }),
  }));
}

/** Makes jobs of a dozen steps, a second each, that are stopped in one of the first. */
export function planStoppedJobs(random: SeededRandom): { jobs: PlannedJob[]; batches: PlannedBatch[] } {
  const code = { ms: 10 };
  const items = (functionName: string) =>
    Array.from({ length: 12 }, () => ({ functionName, customer: "acme", code, hasKey: false }));
  return {
    batches: FUNCTIONS.map((functionName) => ({ atMs: 0, items: items(functionName) })),
    jobs: FUNCTIONS.map((functionName) => ({
      ...{ atMs: 20 * SECOND, functionName, action: "rerun", perSecond: 1 },
      stopAfterMs: random.between(SECOND, 10 * SECOND),
    })),
  };
}

/** Makes batches, many of whose executions fail once or more. */
export function planBatches(random: SeededRandom): PlannedBatch[] {
  return Array.from({ length: random.between(1, 3) }, () => ({
    atMs: random.between(0, MINUTE),
    items: Array.from({ length: random.between(2, 12) }, () => ({
      functionName: random.pick(FUNCTIONS),
      customer: random.pick(["acme", "globex"]),
      code: { ms: random.pick([10, 500, 3_000]), failures: random.pick([0, 0, 1, 2, 9]) },
      hasKey: random.chance(0.3),
    })),
  }));
}

/** Asks for a job once, as `name`; and, if that is planned, stops it. */
export async function keepJob(system: System, planned: PlannedJob, name: string): Promise<void> {
  const { functionName, action, perSecond, limit, stopAfterMs } = planned;
  const filters = { functionIds: [functionId(functionName)] };
  const input = { action, filters, force: true, perSecond, by: name, ...(limit !== undefined && { limit }) };
  const result = await system.api((ports) => startBulk(ports, input));
  if (!("returned" in result)) return;
  const { id, state } = result.returned;
  system.history.jobs.set(id, state);
  if (stopAfterMs === undefined) return;
  await system.time.sleep(stopAfterMs);
  const stopped = await untilAnswered(system, (ports) => stopBulk(ports, id));
  if (stopped !== undefined) system.history.jobs.set(id, stopped.state);
}

/** Enqueues a batch once. What the caller is told of each item is noted. */
export async function callBatch(system: System, { items }: PlannedBatch, name: string): Promise<void> {
  const inputs = items.map(({ functionName, customer, code, hasKey }, index) => ({
    input: { functionName, arguments: JSON.stringify([code]), metadata: { customer } },
    ...(hasKey && { idempotencyKey: `${name}-${index}` }),
  }));
  const result = await system.api((ports) => enqueueBatch(ports, inputs));
  if (!("returned" in result)) return;
  for (const each of result.returned) if ("execution" in each) system.history.accepted.add(each.execution.id);
}

async function untilAnswered<T>(system: System, act: (ports: Ports) => Promise<T>): Promise<T | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const result = await system.api(act);
    if ("returned" in result) return result.returned;
    await system.time.sleep(SECOND * 2 ** tries);
  }
  return undefined;
}
