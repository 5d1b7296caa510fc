import { createHash } from "node:crypto";
import type { Parent, StoredPayload } from "../execution.ts";
import type { Filters } from "../filters.ts";
import { type ExecutionId, newExecutionId } from "../ids.ts";
import type { Position } from "../listing/postings.ts";
import { type Steps, type StepTransition, toEnd, toNextStep } from "./steps.ts";

export const bulkActions = ["cancel", "rerun", "reschedule"] as const;
type BulkAction = (typeof bulkActions)[number];

/** The request for a job. */
export interface BulkDefinition {
  action: BulkAction;
  filters: Filters;
  /** `cancel`: also what runs. */
  force: boolean;
  /** `reschedule`, `rerun`: absent means as soon as possible. */
  scheduledAtMs?: number;
  /** `rerun`: instead of the original's. */
  arguments?: StoredPayload;
  perSecond: number;
  /** Executions that it acts on at most. */
  limit?: number;
  /** The execution in whose name it was asked for. */
  parent?: Parent;
  /** Name of the caller who asked for it. */
  by?: string;
}

/** Why an execution could not be acted on. */
interface BulkFailure {
  executionId: ExecutionId;
  message: string;
}

/**
 * Acts once on each execution that matched its filters and was there before the job, oldest first, a page a step. The
 * job stores each page before working it, so that a repeated step works the same executions.
 */
export interface BulkJob extends Steps, BulkDefinition {
  /** Executions of the next step. */
  page: readonly ExecutionId[];
  /** Cursor at which the walk goes on after the page; absent at its end. */
  next?: Position;
  /** Executions that were looked at. */
  examined: number;
  matched: number;
  done: number;
  /** Their state did not allow it any more. */
  skipped: number;
  failed: number;
  /** Name of the caller who stopped it. */
  stoppedBy?: string;
  /** The first failures. */
  failures: readonly BulkFailure[];
}

/** Results of a page. */
export interface Tally {
  done: number;
  skipped: number;
  failures: readonly BulkFailure[];
}

/** The next page, as a walk over the executions found it. */
export interface Found {
  ids: readonly ExecutionId[];
  examined: number;
  next?: Position;
}

const MAX_PAGE = 100;
const MAX_FAILURES = 10;

/** Indexes are up to a second behind: after this a list has everything that was there before the job. */
const INDEX_LAG_MS = 1_000;

/** Sorts before every id. */
const START = " ";

/** Returns a new job that has not looked at anything yet. */
export function newBulkJob(definition: BulkDefinition, id: string, nowMs: number): BulkJob {
  const unborn = { id, version: -1, step: -1, stepAtMs: nowMs, createdAtMs: nowMs, updatedAtMs: nowMs };
  const counts = { examined: 0, matched: 0, done: 0, skipped: 0, failed: 0 };
  const job = { ...definition, ...unborn, ...counts, state: "running", page: [], next: START, failures: [] } as const;
  return toNextStep<BulkJob>(job, {}, nowMs + INDEX_LAG_MS, nowMs).to;
}

/** How many executions the page after this one may have; none beyond the limit. */
export function nextPageSize({ perSecond, limit = Infinity, matched }: BulkJob): number {
  return Math.min(MAX_PAGE, perSecond, limit - matched);
}

/**
 * The job after its page was worked. `found`: the next page.
 * A job that was stopped meanwhile only counts what was done.
 */
export function afterPage(job: BulkJob, tally: Tally, found: Found, nowMs: number): StepTransition<BulkJob> {
  const counted = count(job, tally);
  if (job.state !== "running") return toEnd(job, counted, nowMs);
  const { next: _, ...walked } = { ...job, ...counted };
  const { ids, examined, next } = found;
  const onward: BulkJob = {
    ...walked,
    ...(next !== undefined && { next }),
    page: ids,
    examined: job.examined + examined,
    matched: job.matched + ids.length,
  };
  const isOver = ids.length === 0 && next === undefined;
  const takesMs = (1000 * job.page.length) / job.perSecond;
  const { to } = isOver
    ? toEnd(onward, { state: "done" }, nowMs)
    : toNextStep(onward, {}, job.stepAtMs + takesMs, nowMs);
  return { from: job, to };
}

/** Gives a job up, none of whose executions can be acted on. */
export function giveUp(job: BulkJob, tally: Tally, nowMs: number): StepTransition<BulkJob> {
  const state = job.state === "running" ? "failed" : job.state;
  return toEnd(job, { ...count(job, tally), state }, nowMs);
}

/**
 * Stops a job. What is under way comes to its end, and is counted.
 * @param by the caller's name
 */
export function stop(job: BulkJob, nowMs: number, by?: string): StepTransition<BulkJob> {
  const caller = by === undefined ? {} : { stoppedBy: by };
  if (job.page.length === 0) return toEnd(job, { state: "stopped", ...caller }, nowMs);
  const stopped = {
    ...caller,
    state: "stopped",
    finishedAtMs: nowMs,
    updatedAtMs: nowMs,
    version: job.version + 1,
  } as const;
  return { from: job, to: { ...job, ...stopped } };
}

/** Id of the re-run of an execution, the same however often the page is worked. Its time is that of the page. */
export function rerunId({ id, stepAtMs }: BulkJob, original: ExecutionId, functionId: string): ExecutionId {
  const digest = createHash("sha256").update(`${id} ${original}`).digest();
  return newExecutionId(stepAtMs, digest.subarray(0, 16), functionId);
}

function count(job: BulkJob, { done, skipped, failures }: Tally): Partial<BulkJob> {
  return {
    page: [],
    done: job.done + done,
    skipped: job.skipped + skipped,
    failed: job.failed + failures.length,
    failures: [...job.failures, ...failures].slice(0, MAX_FAILURES),
  };
}
