import { DomainError } from "../core/errors.ts";
import type { Created, Execution } from "../core/execution.ts";
import { type ExecutionId, functionId } from "../core/ids.ts";
import {
  afterPage,
  type BulkJob,
  type Found,
  giveUp,
  nextPageSize,
  rerunId,
  type Tally,
} from "../core/jobs/bulk-job.ts";
import type { Job, JobTransition } from "../core/jobs/job.ts";
import { jobArgumentsKey } from "../core/payload-keys.ts";
import type { AcceptPorts } from "./accept.ts";
import { type CancelExecutionPorts, cancelExecution } from "./cancel.ts";
import type { Decision } from "./decide.ts";
import { dispatchMany } from "./dispatch.ts";
import { type ListPorts, walkExecutions } from "./list-executions.ts";
import { prepareRerun } from "./rerun.ts";
import { rescheduleExecution } from "./reschedule.ts";
import type { SendStepPorts } from "./send-step.ts";

export interface WorkPagePorts extends AcceptPorts, CancelExecutionPorts, ListPorts, SendStepPorts {}

/** Executions that are acted on at once. */
const AT_ONCE = 25;

/** A walk that finds nothing goes on for so long in one step. */
const WALK_MS = 5_000;

/** The result of acting on one execution. */
type Act = { id: ExecutionId } & ({ did: "done" | "skipped" } | { error: unknown });

/**
 * Acts on the executions of a job's page, and looks for the next page.
 * @returns the decision about the job, as it is by then
 * @throws the error of an execution that may be acted on later, unless this `isLastTry`
 */
export async function workPage(
  ports: WorkPagePorts,
  job: BulkJob,
  isLastTry: boolean,
): Promise<(current: Job, nowMs: number) => JobTransition> {
  const acts = await actOnPage(ports, job);
  const later = acts.flatMap((act) => ("error" in act && !isFinal(act.error) ? [act.error] : []));
  if (later.length > 0 && !isLastTry) throw later[0];
  const tally = tallyOf(acts);
  const isHopeless = later.length > 0 && later.length === acts.length;
  const found = isHopeless || job.state !== "running" ? undefined : await findNext(ports, job);
  return (current, nowMs) =>
    found === undefined && isHopeless
      ? giveUp(current as BulkJob, tally, nowMs)
      : afterPage(current as BulkJob, tally, found ?? { ids: [], examined: 0 }, nowMs);
}

async function actOnPage(ports: WorkPagePorts, job: BulkJob): Promise<Act[]> {
  const act = await actOf(ports, job);
  const acts: Act[] = [];
  for (let start = 0; start < job.page.length; start += AT_ONCE) {
    acts.push(...(await act(job.page.slice(start, start + AT_ONCE))));
  }
  return acts;
}

type ActOnSome = (ids: readonly ExecutionId[]) => Promise<Act[]>;

async function actOf(ports: WorkPagePorts, job: BulkJob): Promise<ActOnSome> {
  if (job.state !== "running") return one((id) => lookUp(ports, job, id));
  const { id: jobId, stepAtMs, by } = job;
  switch (job.action) {
    case "cancel":
      return one(async (id) => actBy(await cancelExecution(ports, id, { force: job.force, job: jobId, by })));
    case "reschedule": {
      const scheduledAtMs = job.scheduledAtMs ?? stepAtMs;
      return one(async (id) => actBy(await rescheduleExecution(ports, id, { scheduledAtMs, job: jobId, by })));
    }
    case "rerun":
      return rerunSome(ports, job);
  }
}

function one(act: (id: ExecutionId) => Promise<"done" | "skipped">): ActOnSome {
  return (ids) =>
    Promise.all(
      ids.map(async (id): Promise<Act> => {
        try {
          return { id, did: await act(id) };
        } catch (error) {
          return { id, error };
        }
      }),
    );
}

function actBy(decision: Decision): "done" | "skipped" {
  if (decision === undefined) return "skipped";
  return "applied" in decision || decision.refused === "repeated" ? "done" : "skipped";
}

// A job that was stopped half-way through its page counts the executions that it has acted on.
async function lookUp({ executions }: WorkPagePorts, job: BulkJob, id: ExecutionId): Promise<"done" | "skipped"> {
  const execution = await executions.get(id);
  if (execution === undefined) return "skipped";
  const isDone =
    job.action === "rerun"
      ? (await executions.get(rerunId(job, id, execution.functionId))) !== undefined
      : execution.job === job.id;
  return isDone ? "done" : "skipped";
}

// Written one by one, since that is conditional, and sent together.
async function rerunSome(ports: WorkPagePorts, job: BulkJob): Promise<ActOnSome> {
  const { stepAtMs: nowMs, scheduledAtMs, parent, by } = job;
  const text = job.arguments && (await ports.payloads.read(job.arguments, jobArgumentsKey(job.id)));
  const rerun = async (original: Execution): Promise<Created | undefined> => {
    const id = rerunId(job, original.id, functionId(original.functionName));
    const fresh = await prepareRerun(ports, original, { id, nowMs, scheduledAtMs, parent, by, arguments: text });
    if ((await ports.executions.create(fresh)) === "created") return fresh;
    const kept = await ports.executions.get(id);
    return kept?.state === "created" ? kept : undefined;
  };
  return async (ids) => {
    const originals = await ports.executions.getMany(ids);
    const made: Created[] = [];
    const acts = await one(async (id) => {
      const original = originals.get(id);
      if (original === undefined) return "skipped";
      const waiting = await rerun(original);
      if (waiting !== undefined) made.push(waiting);
      return "done";
    })(ids);
    // In the order of the originals.
    const inOrder = ids.flatMap((id) => made.filter(({ rerunOf }) => rerunOf === id));
    if (inOrder.length > 0) await dispatchMany(ports, inOrder);
    return acts;
  };
}

async function findNext(ports: WorkPagePorts, job: BulkJob): Promise<Found> {
  const wanted = nextPageSize(job);
  const untilMs = ports.clock.now() + WALK_MS;
  let examined = 0;
  let from = wanted > 0 ? job.next : undefined;
  while (from !== undefined) {
    const walked = await walkExecutions(ports, job.filters, { from, beforeMs: job.createdAtMs, wanted });
    examined += walked.examined;
    from = walked.next;
    const ids = walked.executions.map(({ id }) => id);
    if (ids.length > 0 || ports.clock.now() >= untilMs)
      return { ids, examined, ...(from !== undefined && { next: from }) };
  }
  return { ids: [], examined };
}

function tallyOf(acts: readonly Act[]): Tally {
  const did = (what: string) => acts.filter((act) => "did" in act && act.did === what).length;
  const failures = acts.flatMap((act) =>
    "error" in act ? [{ executionId: act.id, message: messageOf(act.error) }] : [],
  );
  return { done: did("done"), skipped: did("skipped"), failures };
}

/** Whether trying again would change nothing. */
function isFinal(error: unknown): error is DomainError {
  return error instanceof DomainError && error.kind !== "unavailable";
}

function messageOf(error: unknown): string {
  return isFinal(error) ? error.message : "a service did not answer; try again later";
}
