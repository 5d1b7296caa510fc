import type { System } from "../../harness/simulation/system.ts";
import type { Execution } from "../../lambdas/core/execution.ts";
import { type ExecutionId, functionId, timeOf } from "../../lambdas/core/ids.ts";
import type { BulkJob } from "../../lambdas/core/jobs/bulk-job.ts";
import { isBulkJob } from "../../lambdas/core/jobs/job.ts";

/** Every promise of a system's bulk jobs that is broken, in words. Jobs are told apart by their callers. */
export function brokenJobs(system: System): string[] {
  return [
    ...[...system.history.jobs].flatMap(([id, told]) => {
      const state = system.jobs.get(id)?.state;
      const isTrue = state !== undefined && (told === "running" || told === state);
      return isTrue ? [] : [`the job ${id} was ${told}, a caller was told, and is ${state ?? "lost"}`];
    }),
    ...[...system.jobs.values()].filter(isBulkJob).flatMap((job) => brokenJob(system, job)),
  ];
}

function brokenJob(system: System, job: BulkJob): string[] {
  const { id, state, page, done, failed, perSecond, limit = Infinity } = job;
  const acted = job.action === "rerun" ? rerunBy(system, job) : changedBy(system, job);
  const once = new Set(acted);
  const broken: string[] = [];
  if (state === "running" || page.length > 0) broken.push("is not over");
  if (once.size !== acted.length) broken.push(`has re-run ${acted.length - once.size} twice`);
  // A re-run that counts as failed may exist: the answer to its write was lost. Where a job is stopped, one delivery of
  // its step may count the page before another one has acted on it.
  const uncounted = failed + (state === "stopped" ? perSecond : 0);
  if (done > once.size || done + uncounted < once.size) broken.push(`counts ${done}, and has acted on ${once.size}`);
  if (once.size > limit) broken.push(`has acted on ${once.size}, and was to on ${limit}`);
  if (acted.some((it) => timeOf(it) >= job.createdAtMs)) broken.push("has acted on what was made after it");
  const missed = system.isCalm && state === "done" && limit === Infinity ? missedBy(system, job, once) : [];
  if (missed.length > 0) broken.push(`has missed ${missed.join(", ")}`);
  return broken.map((what) => `the job ${id} ${what}`);
}

function rerunBy({ records }: System, { by }: BulkJob): ExecutionId[] {
  return [...records.values()].flatMap(({ rerunOf, createdBy }) =>
    rerunOf !== undefined && createdBy === by ? [rerunOf] : [],
  );
}

function changedBy({ history }: System, { id }: BulkJob): ExecutionId[] {
  return [...history.versions].flatMap(([changed, versions]) =>
    versions.some(({ job }) => job === id) ? [changed] : [],
  );
}

// A re-run is made of everything; what has ended is neither cancelled nor rescheduled.
function missedBy({ records }: System, job: BulkJob, acted: ReadonlySet<ExecutionId>): ExecutionId[] {
  if (job.action !== "rerun") return [];
  const isMeant = (it: Execution) =>
    job.filters.functionIds?.includes(functionId(it.functionName)) === true && timeOf(it.id) < job.createdAtMs;
  return [...records.values()].filter((it) => isMeant(it) && !acted.has(it.id)).map(({ id }) => id);
}

/** Failed attempts that are counted twice, and, where nothing goes wrong, those that are not counted. */
export function miscounted({ records, attempts, failures, isCalm }: System): string[] {
  return [...records.values()].flatMap(({ id, state }) => {
    const own = [...attempts.values()].filter((it) => it.executionId === id);
    const failed = own.filter(({ end }) => end.state === "failed").length;
    const counted = failures.filter(({ executionId }) => executionId === id).length;
    // An abort that comes before the failure is stored ends the execution: the failure does not count.
    const isRight = counted === failed || (counted < failed && (!isCalm || state === "aborted"));
    return isRight ? [] : [`${counted} failures of ${id} are counted, of ${failed}`];
  });
}
