import { aCreated } from "../../harness/an-execution.ts";
import type { Conditions, Ports } from "../../harness/simulation/conditions.ts";
import { createSystem, type System } from "../../harness/simulation/system.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import { DomainError } from "../../lambdas/core/errors.ts";
import { type Execution, isRunning } from "../../lambdas/core/execution.ts";
import { type ExecutionId, functionId, newExecutionId } from "../../lambdas/core/ids.ts";
import { LAUNCH_MS, LEASE_MS } from "../../lambdas/core/limits.ts";
import type { Schedule } from "../../lambdas/core/schedules/schedule.ts";
import { cancel } from "../../lambdas/flows/cancel.ts";
import { debounce } from "../../lambdas/flows/debounce.ts";
import { rerun } from "../../lambdas/flows/rerun.ts";
import { reschedule } from "../../lambdas/flows/reschedule.ts";
import { conditionsOf } from "./faults.ts";
import { brokenJobs, miscounted } from "./job-promises.ts";
import type { Later, Plan, Planned } from "./plan.ts";
import { callBatch, keepJob } from "./planned-jobs.ts";
import { keepPause } from "./planned-pauses.ts";
import { keepSchedule } from "./planned-schedules.ts";
import { brokenPromises } from "./promises.ts";
import { brokenSchedules } from "./schedule-promises.ts";

/** Result of a simulation. */
export interface Simulated {
  broken: string[];
  /** Every write of every record, for whoever looks for the reason. */
  versions: ReadonlyMap<ExecutionId, readonly Execution[]>;
  /** Every write of every schedule. */
  schedules: readonly Schedule[];
  injected: ReadonlyMap<string, number>;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Executions that wait behind others are checked every six hours. */
const SETTLES_WITHIN_MS = 2 * 86_400_000;

/** Tries of a caller that is not answered. */
const TRIES = 6;

/** A dead worker is noticed within this, whatever else waits: lease, grace, the next sweep, and a slow store. */
const NOTICED_WITHIN_MS = 3 * MINUTE;

/** Runs a plan to its end, and checks every promise. */
export async function simulate(plan: Plan, mutate?: Conditions["mutate"]): Promise<Simulated> {
  const injected = new Map<string, number>();
  let system: System | undefined;
  const conditions = conditionsOf(plan, () => (system as System).time, injected);
  system = createSystem({ ...conditions, ...(mutate && { mutate }) });
  if (plan.backlog > 0) await pileUp(system, plan.backlog);
  const startMs = system.time.now();
  let callers = [plan.executions, plan.schedules, plan.pauses, plan.jobs, plan.batches].flat().length;
  for (const [index, planned] of plan.schedules.entries()) {
    system.time.at(startMs + planned.atMs, () => {
      void keepSchedule(system, planned, `schedule-${index}`).finally(() => callers--);
    });
  }
  for (const planned of plan.pauses) {
    system.time.at(startMs + planned.atMs, () => {
      void keepPause(system, planned).finally(() => callers--);
    });
  }
  for (const [index, planned] of plan.executions.entries()) {
    const key = `${plan.seed}-${index}`;
    system.time.at(startMs + planned.atMs, () => {
      void call(system, planned, key).finally(() => callers--);
    });
  }
  for (const [index, planned] of plan.batches.entries()) {
    system.time.at(startMs + planned.atMs, () => {
      void callBatch(system, planned, `batch-${index}`).finally(() => callers--);
    });
  }
  for (const [index, planned] of plan.jobs.entries()) {
    system.time.at(startMs + planned.atMs, () => {
      void keepJob(system, planned, `job-${index}`).finally(() => callers--);
    });
  }
  await system.time.run(() => callers === 0, startMs + SETTLES_WITHIN_MS);
  await system.settle(SETTLES_WITHIN_MS);
  // A schedule may fire a second time, and a slot that was not given back ends with its lease: that of one that waits
  // for its task ends later, and a frozen process that launches a task may hold the slot once more while the task runs.
  const isOnFargate = plan.executions.some(({ functionName }) => functionName === "onFargate");
  await system.wait((isOnFargate ? LAUNCH_MS : LEASE_MS) + MINUTE);
  await system.settle(SETTLES_WITHIN_MS);
  const broken = [
    ...(await brokenPromises(system)),
    ...brokenSchedules(system),
    ...brokenJobs(system),
    ...miscounted(system),
    ...(plan.backlog > 0 ? noticedLate(system) : []),
  ];
  if (system.isCalm) broken.push(...unexpectedEnds(system));
  return { broken, versions: system.history.versions, schedules: system.history.schedules, injected };
}

async function call(system: System, planned: Planned, key: string): Promise<void> {
  const { time } = system;
  const { functionName, code, dueInMs, discardInMs, hasKey, later } = planned;
  if (planned.isTick) {
    const tick = { functionName, tickMs: Math.ceil(time.now() / MINUTE) * MINUTE + MINUTE };
    system.queueOf("(ticks)").send(tick, 60);
    return;
  }
  const more = {
    metadata: { customer: planned.customer },
    scheduledAtMs: time.now() + dueInMs,
    ...(discardInMs !== undefined && { discardAfterMs: time.now() + discardInMs }),
  };
  let id: ExecutionId | undefined;
  if (planned.isDebounced) {
    const { metadata, discardAfterMs } = more as { metadata: Record<string, string>; discardAfterMs?: number };
    const input = { functionName, arguments: JSON.stringify([code]), metadata, discardAfterMs };
    const how = { key: "report", delayMs: SECOND + (dueInMs % MINUTE), maxDelayMs: 90 * SECOND };
    id = (await untilAnswered(system, (ports) => debounce(ports, input, how)))?.execution.id;
    if (id !== undefined) system.history.accepted.add(id);
  }
  for (let tries = 0; !planned.isDebounced && id === undefined && tries < TRIES; tries++) {
    if (tries > 0) await time.sleep(SECOND * 2 ** tries);
    id = await system.enqueue(functionName, code, more, hasKey ? key : undefined);
  }
  if (id === undefined || later === undefined) return;
  // The next call of the debounce may move it back.
  if (planned.isDebounced && later.what === "reschedule") return;
  await time.sleep(later.afterMs);
  await change(system, id, later);
}

// An answered call has taken effect; a failed call may have or not.
async function change(system: System, id: ExecutionId, later: Later): Promise<void> {
  const { history, time } = system;
  const reference = { executionId: id };
  switch (later.what) {
    case "cancel":
    case "abort": {
      const answer = await untilAnswered(system, (ports) => cancel(ports, reference, later.what === "abort"));
      if (answer === undefined) return;
      const isCancelled = "changed" in answer && answer.changed.state === "cancelled";
      history.endsAs.set(id, isCancelled ? "cancelled" : "aborted");
      return;
    }
    case "reschedule": {
      const scheduledAtMs = time.now() + later.dueInMs;
      const answer = await untilAnswered(system, (ports) => reschedule(ports, reference, scheduledAtMs));
      if (answer !== undefined) history.postponed.set(id, { toldAtMs: time.now(), scheduledAtMs });
      return;
    }
    case "rerun": {
      const answer = await untilAnswered(system, (ports) => rerun(ports, reference, undefined));
      if (answer !== undefined) history.accepted.add(answer.id);
    }
  }
}

async function untilAnswered<T>(system: System, act: (ports: Ports) => Promise<T>): Promise<T | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const result = await system.api(act);
    if ("returned" in result) return result.returned;
    if ("threw" in result && result.threw instanceof DomainError) return undefined;
    await system.time.sleep(SECOND * 2 ** tries);
  }
  return undefined;
}

/** A worker that dies while many of another function wait, and have to be looked at all at once. */
async function pileUp(system: System, count: number): Promise<void> {
  const { time } = system;
  system.sweepIs(false);
  const waiting = "oneByOne";
  void system.enqueue(waiting, { ms: 10 * MINUTE });
  void system.enqueue(waiting, { ms: 10 });
  void system.enqueue("importContacts", { ms: 5 * MINUTE });
  await system.wait(MINUTE);
  for (const process of system.living) {
    if (system.history.begun.some((it) => it.process === process && it.functionName !== waiting)) process.kill();
  }
  const nowMs = time.now();
  const random = (index: number) => Uint8Array.from({ length: 16 }, (_, byte) => (index >> (8 * (byte % 4))) & 255);
  for (let index = 0; index < count; index++) {
    const own = functionId(waiting);
    const id = newExecutionId(nowMs, random(index), own);
    const times = { createdAtMs: nowMs, attemptCreatedAtMs: nowMs, scheduledAtMs: nowMs, recheckAtMs: nowMs };
    const what = { functionName: waiting, functionId: own, waits: 2, arguments: { inline: '[{"ms":1}]' } };
    await system.executions.create(aCreated({ ...times, ...what, id }));
  }
  await system.wait(MINUTE);
  system.sweepIs(true);
}

// Without faults an execution ends as its code says, unless a caller or a limit says otherwise.
function unexpectedEnds({ records, functions, history }: System): string[] {
  return [...records.values()].flatMap(
    ({ id, state, functionName, arguments: stored, discardAfterMs, scheduleName, job }) => {
      if (discardAfterMs !== undefined || functions.get(functionName)?.capacity !== undefined) return [];
      // A bulk job may have cancelled it.
      if (job !== undefined) return [];
      // A change of its schedule may have cancelled it: see schedule-promises.ts.
      if (scheduleName !== undefined && (state === "cancelled" || state === "aborted")) return [];
      const [code] = JSON.parse("inline" in stored ? stored.inline : "[]") as [UserCode?];
      const asCoded =
        (code?.failures ?? 0) > (functions.get(functionName)?.retry.maxAttempts ?? 0) ? "failed" : "succeed";
      const expected = history.endsAs.get(id) ?? asCoded;
      return state === expected ? [] : [`${id} ended as ${state}, not as ${expected}`];
    },
  );
}

function noticedLate({ history }: System): string[] {
  return history.begun.flatMap(({ id, attempt, process, endedAtMs }) => {
    const { diedAtMs } = process;
    if (diedAtMs === undefined || endedAtMs !== undefined) return [];
    const next = history.versions
      .get(id)
      ?.find((it) => it.attempt > attempt || !(isRunning(it) || it.state === "created"));
    const lateMs = (next?.updatedAtMs ?? Infinity) - diedAtMs;
    return lateMs > NOTICED_WITHIN_MS
      ? [`${id}.${attempt}: its dead worker was noticed after ${lateMs / SECOND} s`]
      : [];
  });
}
