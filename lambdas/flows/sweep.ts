import { type Unsuccessful, workerLost } from "../core/attempt-error.ts";
import { type Attempt, type Created, isRunning, type Running, wakeAtMs } from "../core/execution.ts";
import type { ExecutionId } from "../core/ids.ts";
import type { Indexes } from "../core/ports.ts";
import { isSentThoughWaiting } from "../core/transitions.ts";
import { decide } from "./decide.ts";
import { dispatchIfWaiting } from "./dispatch.ts";
import { type CompletePorts, completeAttempt } from "./finish.ts";

export interface SweepPorts extends CompletePorts {
  indexes: Indexes;
  /** Hears of an execution that could not be looked after. */
  onError: (id: ExecutionId, error: unknown) => void;
}

/** What a sweep did, for the log and the alarms. */
export interface SweepReport {
  /** Messages that were sent again. */
  sentAgain: number;
  /** Executions that cannot start, since their function is not deployed. */
  missing: number;
  /** Executions whose worker was lost. */
  lost: number;
  /** Executions that could not be started, and are given up. */
  givenUp: number;
  /** Executions that nobody may start any more. */
  discarded: number;
  /** Executions that wait behind others of their function. */
  waiting: number;
  /** Executions that could not be looked after: the next sweep tries again. */
  errors: number;
  /** Whether time ran out before everything overdue was looked at: the next sweep goes on. */
  isCutShort: boolean;
}

/** After so many dispatches, over four hours, something else is wrong than a lost message. */
const MAX_DISPATCHES = 8;

/** So often a function that is not deployed is looked for, over four hours. */
const MAX_MISSES = 8;

/**
 * Looks after what is overdue: a lost message is sent again, a lost worker's attempt is ended, what is past its
 * `discard_after` is discarded, what cannot be started is failed. Safe to run twice at once: every change is conditional.
 * One that cannot be looked after holds up no other.
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
    errors: 0,
    isCutShort: false,
  };
  const backlog = rememberedBacklog(ports);
  const sweepShard = async (shard: number) => {
    for await (const ids of ports.indexes.overdue(shard, ports.clock.now())) {
      if (ports.clock.now() >= untilMs) {
        report.isCutShort = true;
        return;
      }
      const done = await Promise.all(
        ids.map((id) =>
          lookAfter(ports, id, backlog).catch((error: unknown): Done => {
            ports.onError(id, error);
            return "errors";
          }),
        ),
      );
      for (const what of done) if (what !== undefined) report[what] += 1;
    }
  };
  await Promise.all(Array.from({ length: ports.indexes.shards }, (_, shard) => sweepShard(shard)));
  return report;
}

type Done = Exclude<keyof SweepReport, "isCutShort"> | undefined;
type Backlog = (functionName: string) => Promise<number>;

async function lookAfter(ports: SweepPorts, id: ExecutionId, backlog: Backlog): Promise<Done> {
  const execution = await ports.executions.get(id);
  // The index may be behind the record.
  if (execution === undefined || ports.clock.now() < (wakeAtMs(execution) ?? Infinity)) return undefined;
  if (isRunning(execution)) return completeLost(ports, execution);
  return execution.state === "created" ? unstick(ports, execution, backlog) : undefined;
}

async function completeLost(ports: SweepPorts, execution: Running): Promise<Done> {
  const outcome = execution.state === "aborting" ? ({ state: "aborted" } as const) : workerLost();
  return (await completeAttempt(ports, execution, lostAttempt(execution, outcome, ports.clock.now()))) === "stale"
    ? undefined
    : "lost";
}

async function unstick(ports: SweepPorts, execution: Created, backlog: Backlog): Promise<Done> {
  const { id, functionName, attempt, dispatches, misses = 0 } = execution;
  if (!ports.functions.has(functionName)) {
    if (misses < MAX_MISSES) return changed(await decide(ports, id, { type: "miss" }), "missing");
    return changed(await decide(ports, id, { type: "give_up", attempt, reason: "not_deployed" }), "givenUp");
  }
  const { undispatched = false } = execution;
  if (!undispatched && (await backlog(functionName)) > 0) {
    const waiting = await decide(ports, id, { type: "wait" });
    if (isSentThoughWaiting(execution, ports.clock.now())) await sendAgain(ports, waiting);
    return changed(waiting, "waiting");
  }
  if (!undispatched && dispatches >= MAX_DISPATCHES) {
    return changed(await decide(ports, id, { type: "give_up", attempt }), "givenUp");
  }
  const decision = await decide(ports, id, { type: "send_again" });
  return changed(decision, (await sendAgain(ports, decision)) ? "sentAgain" : "errors");
}

type Decision = Awaited<ReturnType<typeof decide>>;

async function sendAgain(ports: SweepPorts, decision: Decision): Promise<boolean> {
  if (decision === undefined || "refused" in decision) return true;
  return dispatchIfWaiting(ports, decision.applied);
}

function changed(decision: Decision, done: Done): Done {
  if (decision === undefined || "refused" in decision) return undefined;
  return decision.applied.state === "discarded" ? "discarded" : done;
}

function lostAttempt(execution: Running, outcome: Unsuccessful, finishedAtMs: number): Attempt {
  return {
    executionId: execution.id,
    number: execution.attempt,
    createdAtMs: execution.attemptCreatedAtMs,
    scheduledAtMs: execution.scheduledAtMs,
    startedAtMs: execution.startedAtMs,
    finishedAtMs,
    end: outcome.state === "failed" ? { state: "failed", errorCode: outcome.errorCode } : { state: "aborted" },
    ...(outcome.state === "failed" && { result: { inline: JSON.stringify(outcome.error) } }),
    logs: { inline: "" },
  };
}

// Once for each function and sweep: everything overdue of it waits in the same queue.
function rememberedBacklog({ functions, dispatcher }: SweepPorts): Backlog {
  const asked = new Map<string, Promise<number>>();
  return (functionName) => {
    const fifo = functions.get(functionName)?.fifo ?? false;
    const answer = asked.get(functionName) ?? dispatcher.backlog(functionName, { fifo });
    asked.set(functionName, answer);
    return answer;
  };
}
