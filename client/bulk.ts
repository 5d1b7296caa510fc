import { json } from "./errors.ts";
import type { Execution, Filters } from "./executions.ts";
import { type Page, type PageRequest, pages, query } from "./pages.ts";
import { type Call, wait } from "./transport.ts";

export type BulkAction = "cancel" | "rerun" | "reschedule";

/** A job that does something to all executions that its filters matched when it was asked for. */
export interface BulkJob {
  id: string;
  action: BulkAction;
  state: "running" | "done" | "stopped" | "failed";
  filters: Record<string, unknown>;
  force?: boolean;
  schedule_for?: string;
  per_second: number;
  limit?: number;
  /** Executions that were looked at. */
  examined: number;
  matched: number;
  done: number;
  /** Their state did not allow it. */
  skipped: number;
  failed: number;
  /** The first ten. */
  failures: { execution_id: string; message: string }[];
  created_by?: string;
  /** Name of the caller who stopped it. */
  stopped_by?: string;
  created_at: string;
  updated_at: string;
  finished_at?: string;
}

interface NewBulk {
  /** Executions to do it to; `{}` means all. */
  filters: Filters;
  /** At most so many a second. */
  per_second?: number;
  /** At most so many in all. */
  limit?: number;
}

export interface NewBulkCancel extends NewBulk {
  /** Whether to stop what runs, too. */
  force?: boolean;
}

export interface NewBulkRerun extends NewBulk {
  schedule_for?: Date | string;
  arguments?: unknown[];
}

export interface NewBulkReschedule extends NewBulk {
  /** @default now */
  schedule_for?: Date | string;
}

/** The executions that a job would meet. */
export interface DryRun {
  matched: number;
  /** More may match than were counted. */
  matched_is_lower_bound: boolean;
  /** The oldest ten. */
  sample: Execution[];
}

export function bulk(call: Call) {
  const path = (id: string, part = "") => `/bulk/${encodeURIComponent(id)}${part}`;
  const one = async (response: Response) => ((await json(response)) as { data: BulkJob }).data;
  const start = async (body: NewBulk & { action: BulkAction }) => one(await call("POST", "/bulk", { body }));
  const page = async (which: PageRequest) =>
    (await json(await call("GET", `/bulk${query({ ...which })}`))) as Page<BulkJob>;

  return {
    cancel: (job: NewBulkCancel) => start({ action: "cancel", ...job }),

    /** Runs them once more, as new executions. */
    rerun: (job: NewBulkRerun) => start({ action: "rerun", ...job }),

    /** Gives those that wait another due time. */
    reschedule: (job: NewBulkReschedule) => start({ action: "reschedule", ...job }),

    /** Counts what a job would match, and changes nothing. */
    async dryRun(action: BulkAction, job: NewBulkCancel | NewBulkRerun | NewBulkReschedule): Promise<DryRun> {
      const response = await call("POST", "/bulk", { body: { action, ...job, dry_run: true }, isRepeatable: true });
      return ((await json(response)) as { data: DryRun }).data;
    },

    get: async (id: string) => one(await call("GET", path(id))),

    /** Yields all jobs, newest first; a page is read when it is reached. */
    list: () => pages(page),

    /** Stops a job. What it has done stays. */
    stop: async (id: string) => one(await call("POST", path(id, "/cancellation"), { isRepeatable: true })),

    /** Yields the job as it goes on, and at last as it has ended. */
    async *watch(
      id: string,
      { signal, pollMs = 1_000 }: { signal?: AbortSignal; pollMs?: number } = {},
    ): AsyncGenerator<BulkJob, void> {
      for (;;) {
        const job = await one(await call("GET", path(id), { signal }));
        yield job;
        if (job.state !== "running") return;
        await wait(pollMs, signal);
      }
    },
  };
}
