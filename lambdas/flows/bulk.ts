import { DomainError } from "../core/errors.ts";
import type { Execution } from "../core/execution.ts";
import type { Filters } from "../core/filters.ts";
import { newJobId } from "../core/ids.ts";
import { type BulkDefinition, type BulkJob, newBulkJob, stop } from "../core/jobs/bulk-job.ts";
import { isBulkJob } from "../core/jobs/job.ts";
import { ARGUMENTS_INLINE_BYTES } from "../core/limits.ts";
import { type Page, type PageRequest, readPage } from "../core/listing/page.ts";
import { Union } from "../core/listing/union.ts";
import { jobArgumentsKey } from "../core/payload-keys.ts";
import type { Jobs, Payloads } from "../core/ports.ts";
import type { DispatchPorts } from "./dispatch.ts";
import { type ListPorts, walkExecutions } from "./list-executions.ts";
import { type SendStepPorts, sendStep } from "./send-step.ts";

export interface BulkPorts extends SendStepPorts, Pick<DispatchPorts, "onDispatchError"> {
  jobs: Jobs;
  payloads: Payloads;
  randomBytes: (count: number) => Uint8Array;
}

/** A job as it is asked for. */
export interface BulkInput extends Omit<BulkDefinition, "arguments"> {
  /** A JSON array. */
  arguments?: string | undefined;
}

/** Stores a new job and sends its first step on its way: when this resolves, the job will run. */
export async function startBulk(ports: BulkPorts, { arguments: text, ...definition }: BulkInput): Promise<BulkJob> {
  const nowMs = ports.clock.now();
  const id = newJobId(nowMs, ports.randomBytes(16));
  const stored =
    text === undefined
      ? undefined
      : await ports.payloads.store(jobArgumentsKey(id), text, ARGUMENTS_INLINE_BYTES, "application/json");
  const job = newBulkJob({ ...definition, ...(stored && { arguments: stored }) }, id, nowMs);
  await ports.jobs.create(job);
  // The sweep sends what could not be sent.
  await sendStep(ports, job).catch((error) => ports.onDispatchError("job not sent", { job: id }, error));
  return job;
}

/** Executions that a dry run shows. */
const SAMPLE = 10;

/** Executions that a dry run counts and looks at, and how long it takes, at most. */
const MAX_COUNTED = 10_000;
const MAX_COUNTING_MS = 15_000;

/** The executions that a job would act on now. */
export interface DryRun {
  matched: number;
  /** Whether more may match than were counted. */
  isLowerBound: boolean;
  /** The oldest of them. */
  sample: Execution[];
}

/** Counts what a job with these filters would act on, up to a bound. */
export async function dryRun(
  ports: ListPorts & Pick<SendStepPorts, "clock">,
  filters: Filters,
  limit = Infinity,
): Promise<DryRun> {
  const beforeMs = ports.clock.now();
  const counted: Execution[] = [];
  let matched = 0;
  let examined = 0;
  for (let from: string | undefined = " "; from !== undefined && matched < limit; ) {
    if (examined >= MAX_COUNTED || ports.clock.now() - beforeMs > MAX_COUNTING_MS) {
      return { matched, isLowerBound: true, sample: counted };
    }
    const walked = await walkExecutions(ports, filters, { from, beforeMs, wanted: Math.min(100, limit - matched) });
    matched += walked.executions.length;
    examined += walked.examined;
    counted.push(...walked.executions.slice(0, SAMPLE - counted.length));
    from = walked.next;
  }
  return { matched, isLowerBound: false, sample: counted };
}

/** @throws DomainError `not_found` */
export async function findBulk({ jobs }: { jobs: Jobs }, id: string): Promise<BulkJob> {
  const job = await jobs.get(id.toLowerCase());
  if (job === undefined || !isBulkJob(job)) {
    throw new DomainError("not_found", `cannot find bulk job "${id.slice(0, 100)}"`);
  }
  return job;
}

/**
 * Stops a job: of the page under way it finishes what has begun. One that is over stays as it is.
 * @param by the caller's name
 * @throws DomainError `not_found`
 */
export async function stopBulk(ports: Pick<BulkPorts, "jobs" | "clock">, id: string, by?: string): Promise<BulkJob> {
  for (;;) {
    const job = await findBulk(ports, id);
    if (job.state !== "running") return job;
    const transition = stop(job, ports.clock.now(), by);
    if ((await ports.jobs.apply(transition)) === "applied") return transition.to;
  }
}

/** Lists the bulk jobs that `isShown`, newest first, page by page. */
export function listBulk(
  { jobs }: { jobs: Jobs },
  request: PageRequest,
  isShown: (job: BulkJob) => boolean,
): Promise<Page<BulkJob>> {
  return readPage<string, BulkJob>(
    {
      open: async (direction, from, wanted, budget) =>
        new Union({ groups: [["all"]], read: (_, range) => jobs.read(range), direction, from, wanted, budget }),
      async fetch(ids) {
        const found = [...(await jobs.getMany(ids)).values()].filter(isBulkJob).filter(isShown);
        return new Map(found.map((job) => [job.id, job]));
      },
    },
    request,
  );
}
