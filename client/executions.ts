import { json } from "./errors.ts";
import { readLogs, tail } from "./logs.ts";
import { type Page, type PageRequest, pages } from "./pages.ts";
import type { Call } from "./transport.ts";

export type Metadata = Record<string, string>;

export type State = "created" | "started" | "aborting" | "succeed" | "failed" | "cancelled" | "aborted" | "discarded";

/** An execution, or an attempt of one, as the API answers it. Times are RFC 3339 in UTC. */
export interface Execution {
  id: string;
  state: State;
  function_name: string;
  function_id: string;
  scheduled_at: string;
  created_at: string;
  updated_at: string;
  started_at?: string;
  finished_at?: string;
  discard_after?: string;
  /** Number of the current or last attempt. */
  attempt: number;
  error_code?: "ER0000" | "ER0001" | "ER0002" | "ER0003";
  /** Kind of failure of the last attempt that has ended. */
  error_fingerprint?: string;
  executed_by?: string;
  rerun_of?: string;
  schedule_name?: string;
  waiting_for?: "capacity" | "rate_limit" | "pause";
  /** A token's name, `execution:<id>`, `schedule:<name>`, `cron`, or the ARN of a principal of AWS. */
  created_by?: string;
  /** Counts the writes: the higher of two answers is the newer one. */
  version: number;
  compute: "lambda" | "fargate";
  metadata: Metadata;
}

/** A change of an execution. */
export interface Change {
  at: string;
  what: "created" | "attempt_failed" | "retry_set" | "rescheduled" | Exclude<State, "created">;
  attempt?: number;
  /** The caller; absent where the service decided. */
  by?: string;
  /** The new due time. */
  for?: string;
  error_code?: "ER0000" | "ER0001" | "ER0002" | "ER0003";
}

export interface Timeline {
  /** Oldest first: its creation, then the last 20. */
  changes: Change[];
  /** The first 50 whose `executed_by` it is, oldest first. */
  children: Execution[];
  /** The first 50 whose `rerun_of` it is, oldest first. */
  reruns: Execution[];
}

/** An execution to enqueue. */
export interface NewExecution {
  function_name: string;
  function_arguments?: unknown[];
  /** When it is due. @default now */
  schedule_for?: Date | string;
  discard_after?: Date | string;
  metadata?: Metadata;
  /** The same key with the same execution enqueues it once. */
  idempotency_key?: string;
  /**
   * It waits for further calls of the key, each of which postpones it and replaces its arguments and metadata. Goes
   * without `schedule_for` and `idempotency_key`.
   */
  debounce?: Debounce;
}

/** How calls of one key are brought together. */
interface Debounce {
  key: string;
  delaySeconds: number;
  /** It is due no later than this after the first call. */
  maxDelaySeconds?: number;
}

export interface Interval {
  from?: Date | string;
  to?: Date | string;
}

/** Filters of a list, joined by AND. */
export interface Filters {
  states?: State[];
  function_ids?: string[];
  error_codes?: string[];
  executed_by?: string;
  rerun_of?: string;
  /** A kind of failure: that of the last attempt. */
  error_fingerprint?: string;
  /** The name of a schedule. */
  schedule?: string;
  created_at?: Interval;
  scheduled_at?: Interval;
  started_at?: Interval;
  metadata?: { key: string; values: string[] }[];
}

export type BatchResult = { execution: Execution } | { error: { error: string; message: string } };

/** Executions that one request may enqueue. */
const MAX_BATCH = 100;

export function executions(call: Call) {
  const path = (id: string, part = "") => `/executions/${encodeURIComponent(id)}${part}`;
  const one = async (response: Response) => ((await json(response)) as { data: Execution }).data;
  const page = async (at: string, filters: Filters, which: PageRequest) =>
    (await json(await call("POST", at, { body: { page: which, filters }, isRepeatable: true }))) as Page<Execution>;
  // Arguments and results have no envelope. 202 and 204 have none of them.
  const value = async (response: Response) => (response.status === 200 ? json(response) : undefined);

  return {
    /** Reads an execution, or an attempt: `<execution id>.<number>`. */
    get: async (id: string) => one(await call("GET", path(id))),

    /** Reads what happened to it, when and by whom, and what has come of it. */
    timeline: async (id: string) => ((await json(await call("GET", path(id, "/timeline")))) as { data: Timeline }).data,

    /** Enqueues one. With an idempotency key, or debounced, it is sent again after a fault of the service. */
    async enqueue({ idempotency_key: idempotencyKey, ...body }: NewExecution) {
      const isRepeatable = idempotencyKey !== undefined || body.debounce !== undefined;
      return one(await call("PUT", "/executions", { body, idempotencyKey, isRepeatable }));
    },

    /** Enqueues any number, a hundred with each request. Returns a result for each, in order: look at each. */
    async batch(items: readonly NewExecution[]): Promise<BatchResult[]> {
      const results: BatchResult[] = [];
      for (let from = 0; from < items.length; from += MAX_BATCH) {
        const some = items.slice(from, from + MAX_BATCH);
        const isRepeatable = some.every((it) => it.idempotency_key !== undefined || it.debounce !== undefined);
        const response = await call("POST", "/executions/batch", { body: { executions: some }, isRepeatable });
        results.push(...((await json(response)) as { data: BatchResult[] }).data);
      }
      return results;
    },

    /** Yields all executions that `filters` ask for, newest first; a page is read when it is reached. */
    list: (filters: Filters = {}, { pageSize }: { pageSize?: number } = {}) =>
      pages((which) => page("/executions", filters, which), pageSize),

    /** Reads one page, newest first. */
    page: (which: PageRequest = {}, filters: Filters = {}) => page("/executions", filters, which),

    /** Yields the attempts of an execution, newest first. */
    attempts: (id: string, filters: Filters = {}) => pages((which) => page(path(id, "/attempts"), filters, which)),

    /** Reads what it is called with. */
    arguments: async (id: string) => (await value(await call("GET", path(id, "/arguments")))) as unknown[],

    /** Reads what it returned, or the error that it failed with. `undefined`: there is none, or none yet. */
    result: async (id: string) => value(await call("GET", path(id, "/results"))),

    /** Runs it once more, as a new execution, with the same input or another. */
    rerun: async (id: string, input: { arguments?: unknown[]; metadata?: Metadata } = {}) =>
      one(await call("POST", path(id, "/reruns"), { body: input })),

    /** Gives it another due time. @param scheduleFor now, if it is left out */
    reschedule: async (id: string, scheduleFor?: Date | string) =>
      one(await call("PATCH", path(id, "/schedule"), { body: { schedule_for: scheduleFor } })),

    /** Cancels what waits; with `force`, also stops what runs. `undefined`: it is being stopped already. */
    async cancel(id: string, { force = false }: { force?: boolean } = {}): Promise<Execution | undefined> {
      const response = await call("POST", path(id, "/cancellation"), { body: { force } });
      return response.status === 202 ? undefined : one(response);
    },

    /** Reads what the last attempt wrote, or an attempt by its id: all lines, or those after the first `after`. */
    logs: (id: string, { after }: { after?: number } = {}) => readLogs(call, id, { after }),

    /** Yields what it writes from the current attempt on, until it has ended. */
    tail: (id: string, options: { signal?: AbortSignal; pollMs?: number } = {}) => tail(call, id, options),
  };
}
