import { type Execution, wakeAtMs } from "../../lambdas/core/execution.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import type { BulkJob } from "../../lambdas/core/jobs/bulk-job.ts";
import type { DueMessage, Executions, Schedules } from "../../lambdas/core/ports.ts";
import type { Schedule } from "../../lambdas/core/schedules/schedule.ts";
import type { SimulatedProcess } from "./simulated-process.ts";

/** One attempt's user code, by true time. */
export interface Begun {
  id: ExecutionId;
  functionName: string;
  attempt: number;
  process: SimulatedProcess;
  beganAtMs: number;
  /** By the worker's own clock. */
  seenAtMs: number;
  endedAtMs?: number;
}

/** Everything that happened in a system, recorded by an observer who sees it all. */
export interface History {
  /** Every version of every record that was written, in order. */
  versions: Map<ExecutionId, Execution[]>;
  begun: Begun[];
  /** Executions that a caller was told of. */
  accepted: Set<ExecutionId>;
  /** Executions that a caller was told of, by its idempotency key. */
  byKey: Map<string, Set<ExecutionId>>;
  /** Due times that executions were postponed to, and when the caller was told so. */
  postponed: Map<ExecutionId, { toldAtMs: number; scheduledAtMs: number }>;
  /** Final states that a caller was told of before they were reached. */
  endsAs: Map<ExecutionId, string>;
  /** Bulk jobs that a caller was told of, and the state that they were in. */
  jobs: Map<string, BulkJob["state"]>;
  /** Every version of every schedule that was written, in order. */
  schedules: Schedule[];
  /** When schedules were removed, by their ids. */
  removedSchedules: Map<string, number>;
  /** How often the outcome of each attempt was stored, by execution and number. */
  recorded: Map<string, number>;
  /** Functions that were paused: from the answer of the pause to the call of the resume, and when that was answered. */
  pauses: { functionName: string; fromMs: number; untilMs: number; resumedAtMs: number }[];
  /** Executions that were parked since their function was paused. */
  parkedInPause: { id: ExecutionId; functionName: string; atMs: number }[];
  /** Promises broken in the moment it happened. */
  broken: string[];
  /** How many executions are not final, or wait for their follow-up. */
  open: number;
}

export function newHistory(): History {
  return {
    versions: new Map(),
    begun: [],
    accepted: new Set(),
    byKey: new Map(),
    postponed: new Map(),
    endsAs: new Map(),
    jobs: new Map(),
    schedules: [],
    removedSchedules: new Map(),
    recorded: new Map(),
    pauses: [],
    parkedInPause: [],
    broken: [],
    open: 0,
  };
}

export function isFinal(execution: Execution): boolean {
  return "finishedAtMs" in execution;
}

/** Whether nobody has to look at an execution any more. */
function isSettled(execution: Execution): boolean {
  return wakeAtMs(execution) === undefined;
}

/** `executions`, with every write noted. `onWrite` gets what was written. */
export function noting(
  executions: Executions & { records: ReadonlyMap<string, Execution> },
  history: History,
  onWrite: (execution: Execution) => void,
): Executions {
  const note = (execution: Execution) => {
    const earlier = history.versions.get(execution.id) ?? [];
    history.versions.set(execution.id, [...earlier, execution]);
    onWrite(execution);
  };
  return {
    ...executions,
    async create(execution) {
      const result = await executions.create(execution);
      if (result === "created") {
        history.open++;
        note(execution);
      }
      return result;
    },
    async createMany(created) {
      const failed = await executions.createMany(created);
      for (const execution of created.filter(({ id }) => !failed.has(id))) {
        history.open++;
        note(execution);
      }
      return failed;
    },
    async apply(transition) {
      const before = executions.records.get(transition.from.id);
      const result = await executions.apply(transition);
      if (result === "applied") {
        if (before !== undefined && !isSettled(before) && isSettled(transition.to)) history.open--;
        note(transition.to);
      }
      return result;
    },
  };
}

/** `schedules`, with every write noted. */
export function notingSchedules<S extends Schedules>(schedules: S, history: History, now: () => number): S {
  return {
    ...schedules,
    async create(schedule) {
      const result = await schedules.create(schedule);
      if (result === "created") history.schedules.push(schedule);
      return result;
    },
    async apply(transition) {
      const result = await schedules.apply(transition);
      if (result === "applied") history.schedules.push(transition.to);
      return result;
    },
    async remove(schedule) {
      const result = await schedules.remove(schedule);
      if (result === "removed") history.removedSchedules.set(schedule.id, now());
      return result;
    },
  };
}

/**
 * Notes what a worker does about a message that was stale when it came: it may look, and must not start anything nor
 * send it on.
 */
export function watchStale(
  history: History,
  { executionId, revision }: DueMessage,
  name: string,
  args: readonly unknown[],
): void {
  // A slot that it was given may go to another execution, or to a newer revision, whose message is sent then.
  const sent = name.startsWith("dispatcher.to") ? (args[0] as DueMessage) : undefined;
  const isSent = sent?.executionId === executionId && sent.revision === revision;
  // A task goes on with other messages after this one.
  const to = name === "executions.apply" ? (args[0] as { to: Execution }).to : undefined;
  const isStart = to?.state === "started" && to.id === executionId && to.revision === revision;
  if (isSent || isStart) {
    history.broken.push(
      `${executionId}: a stale message of revision ${revision} ${isSent ? "was sent on" : "started it"}`,
    );
  }
}
