import { type Failure, notDeployed, notStarted, workerLost } from "../core/attempt-error.ts";
import {
  type Created,
  type Execution,
  isRunning,
  type OverduePart,
  type Running,
  wakeAtMs,
} from "../core/execution.ts";
import { errorFingerprint } from "../core/failures/fingerprint.ts";
import type { DeployedFunction } from "../core/functions.ts";
import type { ExecutionId } from "../core/ids.ts";
import { isPauseLane, type Lane } from "../core/lanes.ts";
import type { Backlog, Indexes } from "../core/ports.ts";
import type { Subject } from "../core/subject.ts";
import { takeTurns } from "../core/take-turns.ts";
import { isLongWait, isSentThoughWaiting } from "../core/transitions/recheck.ts";
import { countFailure } from "./count-failure.ts";
import { type Decision, decide, decideEnd } from "./decide.ts";
import { dispatchIfWaiting, messageOf } from "./dispatch.ts";
import { type CompletePorts, completeLost } from "./finish.ts";
import { repairLane, unpark } from "./lanes.ts";
import { type Overdue, readOverdue, readRunning } from "./overdue.ts";
import { recoverJob } from "./recover-job.ts";
import { type RecoverSchedulePorts, recoverSchedule } from "./recover-schedule.ts";
import { type RevivePorts, revive } from "./revive.ts";
import { type WakePorts, wakeParked } from "./wake-parked.ts";

export interface SweepPorts extends CompletePorts, RecoverSchedulePorts, WakePorts, RevivePorts {
  indexes: Indexes;
  /** Called with what could not be checked; without a subject where that is none of them. */
  onError: (problem: SweepProblem, subject: Subject | undefined, error: unknown) => void;
}

type SweepProblem =
  | "execution not recovered"
  | "overdue work not read"
  | "schedule not recovered"
  | "job not recovered"
  | "lane not repaired"
  | "parked executions not woken"
  | "dead letters not read";

/** Counts of one sweep, for the log and the alarms. */
export interface SweepReport {
  /** Messages that were sent again, those of schedules, jobs and ends among them. */
  sentAgain: number;
  /** Executions and schedules that cannot start, since their function is not deployed. */
  missing: number;
  /** Executions whose worker was lost. */
  lost: number;
  /** Executions that could not be started, and are given up. */
  givenUp: number;
  /** Executions that nobody may start any more. */
  discarded: number;
  /** Executions that wait behind others of their function. */
  waiting: number;
  /** Executions that have waited so for more than an hour. */
  waitingLong: number;
  /** Executions that could not be checked: the next sweep tries again. */
  errors: number;
  /** Whether time ran out before everything overdue was looked at: the next sweep goes on. */
  isCutShort: boolean;
}

/** After so many dispatches, over four hours, something else is wrong than a lost message. */
const MAX_DISPATCHES = 8;

/** How often the sweep looks for a function that is not deployed, over four hours. */
const MAX_MISSES = 8;

/**
 * Shares of the time by whose end each step leaves it to the next ones: to read what is overdue and not known to wait,
 * to work on that, to repair lanes, to read what is known to wait.
 */
const READ_SHARE = 1 / 3;
const WORK_SHARE = 2 / 3;
const LANES_SHARE = 5 / 6;
const READ_WAITING_SHARE = 11 / 12;

/**
 * Recovers what is overdue, dead workers first, then lost messages, then what waits behind others, in turns by
 * function: a lost message is sent again, a lost worker's attempt is ended, what is past its
 * `discard_after` is discarded, what cannot be started is failed. Safe to run twice at once: every change is
 * conditional. An error with one does not stop the others. A burst leaves a third of the time to the lanes and to what
 * waits, and goes on with what those leave of it.
 * @param untilMs no more is begun after that
 */
export async function sweep(ports: SweepPorts, untilMs: number): Promise<SweepReport> {
  const report: SweepReport = {
    sentAgain: 0,
    missing: 0,
    lost: 0,
    givenUp: 0,
    discarded: 0,
    waiting: 0,
    waitingLong: 0,
    errors: 0,
    isCutShort: false,
  };
  const round = { backlogOf: rememberedBacklog(ports), report };
  const beganAtMs = ports.clock.now();
  const by = (share: number) => beganAtMs + (untilMs - beganAtMs) * share;
  const revived = await revive(ports, by(WORK_SHARE));
  report.errors += revived.errors;
  const onReadError = (error: unknown): [] => {
    ports.onError("overdue work not read", undefined, error);
    report.errors += 1;
    return [];
  };
  const findWork = async (parts: readonly OverduePart[], readUntilMs: number): Promise<Work> => {
    return { ...(await readOverdue(ports, parts, readUntilMs, onReadError)), stuck: [] };
  };
  const overdue = await findWork(["started", "created", "timed"], by(READ_SHARE));
  if (!overdue.isWhole) overdue.ids = takeTurns([await readRunning(ports).catch(onReadError), overdue.ids]);
  await workOn(ports, overdue, round, by(WORK_SHARE));
  // After dead workers, whose slots may be handed over now.
  const areLanesDone = await repairLanes(ports, report, by(LANES_SHARE));
  const waiting = await findWork(["waiting"], by(READ_WAITING_SHARE));
  const isDone = [await workOn(ports, waiting, round, untilMs), await workOn(ports, overdue, round, untilMs)];
  const isWhole = overdue.isWhole && waiting.isWhole && isDone.every(Boolean);
  report.isCutShort = revived.isCutShort || !areLanesDone || !isWhole;
  return report;
}

/** Lanes that are checked at once. */
const LANES_AT_ONCE = 20;

// Returns whether there was time for all.
async function repairLanes(ports: SweepPorts, report: SweepReport, untilMs: number): Promise<boolean> {
  const deployed = new Map([...ports.functions.values()].map((it) => [it.id, it]));
  const paused = new Set<DeployedFunction>();
  for (let shard = 0; shard < ports.lanes.shards; shard++) {
    for await (const page of ports.lanes.marked(shard)) {
      for (let start = 0; start < page.length; start += LANES_AT_ONCE) {
        if (ports.clock.now() >= untilMs) return false;
        await Promise.all(page.slice(start, start + LANES_AT_ONCE).map(repair));
      }
    }
  }
  for (const it of paused) await reporting("parked executions not woken", it, () => wakeParked(ports, it));
  return true;

  async function repair(lane: Omit<Lane, "functionName">): Promise<void> {
    const known = deployed.get(lane.functionId);
    // Its executions are looked for one by one, and given up in the end.
    if (known === undefined) return;
    if (isPauseLane(lane)) return void paused.add(known);
    const whole = { ...lane, functionName: known.name };
    await reporting("lane not repaired", known, () => repairLane(ports, whole, untilMs));
  }

  async function reporting(problem: SweepProblem, { name }: DeployedFunction, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      ports.onError(problem, { function: name }, error);
      report.errors += 1;
    }
  }
}

type Done = Exclude<keyof SweepReport, "isCutShort"> | undefined;
type BacklogOf = (functionName: string) => Promise<Backlog>;

interface Round {
  backlogOf: BacklogOf;
  report: SweepReport;
}

/** Everything left to look at; a look removes it. */
interface Work extends Overdue {
  /** Executions that do not run, of those whose records were read. */
  stuck: Exclude<Execution, Running>[];
}

/** Executions, schedules or jobs that are checked at once. */
const AT_ONCE = 100;

// Jobs and schedules first, since all of them together take seconds, then dead workers. Returns whether nothing is
// left.
async function workOn(ports: SweepPorts, work: Work, round: Round, untilMs: number): Promise<boolean> {
  const { jobs, schedules, ids, stuck } = work;
  const inBatches = async <T>(list: T[], act: (batch: T[]) => Promise<void>): Promise<boolean> => {
    while (list.length > 0) {
      if (ports.clock.now() >= untilMs) return false;
      await act(list.splice(0, AT_ONCE));
    }
    return true;
  };
  const { report } = round;
  const onJobError = (job: string, error: unknown) => ports.onError("job not recovered", { job }, error);
  const onScheduleError = (schedule: string, error: unknown) =>
    ports.onError("schedule not recovered", { schedule }, error);
  const onExecutionError = ({ id }: Execution, error: unknown) =>
    ports.onError("execution not recovered", { executionId: id }, error);
  return (
    (await inBatches(jobs, (batch) => each(batch, (id) => recoverJob(ports, id), onJobError, report))) &&
    (await inBatches(schedules, (batch) =>
      each(batch, (name) => recoverSchedule(ports, name), onScheduleError, report),
    )) &&
    (await inBatches(ids, async (batch) => {
      const overdue = await readRecords(ports, batch, round);
      stuck.push(...overdue.filter((execution) => !isRunning(execution)));
      await each(overdue.filter(isRunning), (execution) => endLost(ports, execution), onExecutionError, report);
    })) &&
    (await inBatches(stuck, (batch) =>
      each(
        batch,
        (execution) =>
          execution.state === "created" ? unstick(ports, execution, round.backlogOf) : announceAgain(ports, execution),
        onExecutionError,
        report,
      ),
    ))
  );
}

// The records may be a second old: whatever is done about them is decided on the record of now. The index may be
// behind.
async function readRecords(ports: SweepPorts, ids: ExecutionId[], { report }: Round): Promise<Execution[]> {
  try {
    const nowMs = ports.clock.now();
    const found = [...(await ports.executions.getMany(ids)).values()];
    return found.filter((execution) => nowMs >= (wakeAtMs(execution) ?? Infinity));
  } catch (error) {
    for (const executionId of ids) ports.onError("execution not recovered", { executionId }, error);
    report.errors += ids.length;
    return [];
  }
}

async function each<T>(
  batch: readonly T[],
  act: (one: T) => Promise<Done>,
  onError: (one: T, error: unknown) => void,
  report: SweepReport,
): Promise<void> {
  const done = await Promise.all(
    batch.map((one) =>
      act(one).catch((error: unknown): Done => {
        onError(one, error);
        return "errors";
      }),
    ),
  );
  for (const what of done) if (what !== undefined) report[what] += 1;
}

async function endLost(ports: SweepPorts, execution: Running): Promise<Done> {
  return (await completeLost(ports, execution, workerLost())) === "stale" ? undefined : "lost";
}

async function unstick(ports: SweepPorts, execution: Created, backlogOf: BacklogOf): Promise<Done> {
  const { id, functionName, dispatches, misses = 0 } = execution;
  if (!ports.functions.has(functionName)) {
    if (misses < MAX_MISSES) return changed(ports, await decideEnd(ports, id, { type: "miss" }), "missing");
    return giveUp(ports, execution, notDeployed(functionName), { reason: "not_deployed" });
  }
  const { undispatched = false, launch } = execution;
  if (await isParked(ports, execution)) {
    return changed(
      ports,
      await decideEnd(ports, id, { type: "wait" }),
      isLongWait(execution) ? "waitingLong" : "waiting",
    );
  }
  // An execution that waits for its task is given up only when too many tasks have stopped before they began.
  const isSentOften = !undispatched && launch === undefined && dispatches >= MAX_DISPATCHES;
  const { waiting: before, taken } = undispatched ? { waiting: 0, taken: 0 } : await backlogOf(functionName);
  // Messages fail as long as an outage lasts: only if none of its function is left is an execution given up.
  if (before > 0 || (isSentOften && taken > 0)) {
    const waiting = await decideEnd(ports, id, { type: "wait" });
    if (isSentThoughWaiting(execution)) await sendAgain(ports, waiting);
    return changed(ports, waiting, isLongWait(execution) ? "waitingLong" : "waiting");
  }
  if (isSentOften) {
    return giveUp(ports, execution, notStarted(dispatches));
  }
  const decision = await decideEnd(ports, id, { type: "send_again" });
  return changed(ports, decision, (await sendAgain(ports, decision)) ? "sentAgain" : "errors");
}

// Sent before it is moved on: what is announced twice has one follow-up all the same.
async function announceAgain(ports: SweepPorts, { id, attempt }: Execution): Promise<Done> {
  await ports.dispatcher.announceEnd({ executionId: id, attempt, looks: 0 }, 0);
  return changed(ports, await decide(ports, id, { type: "announce_again" }), "sentAgain");
}

async function giveUp(
  ports: SweepPorts,
  { id, attempt, functionId }: Created,
  { error }: Failure,
  why: { reason?: "not_deployed" } = {},
): Promise<Done> {
  const fingerprint = errorFingerprint(functionId, error);
  const decision = await decideEnd(ports, id, { type: "give_up", attempt, errorFingerprint: fingerprint, ...why });
  if (decision !== undefined && "applied" in decision) await countFailure(ports, decision.applied, error);
  return changed(ports, decision, "givenUp");
}

async function sendAgain(ports: SweepPorts, decision: Decision): Promise<boolean> {
  if (decision === undefined || "refused" in decision) return true;
  return dispatchIfWaiting(ports, decision.applied);
}

// A parked message that is missing was taken out, and then lost.
async function isParked({ lanes }: SweepPorts, execution: Created): Promise<boolean> {
  const { functionId, functionName, parkedIn: name } = execution;
  return name !== undefined && lanes.isParked({ functionId, functionName, name }, messageOf(execution));
}

async function changed(ports: SweepPorts, decision: Decision, done: Done): Promise<Done> {
  if (decision === undefined || "refused" in decision) return undefined;
  if (decision.applied.state !== "created") await unpark(ports, decision.before);
  return decision.applied.state === "discarded" ? "discarded" : done;
}

// Once for each function and sweep: everything overdue of it waits in the same queue.
function rememberedBacklog({ functions, dispatcher }: SweepPorts): BacklogOf {
  const asked = new Map<string, Promise<Backlog>>();
  return (functionName) => {
    const fifo = functions.get(functionName)?.fifo ?? false;
    const answer = asked.get(functionName) ?? dispatcher.backlog(functionName, { fifo });
    asked.set(functionName, answer);
    return answer;
  };
}
