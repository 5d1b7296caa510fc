import { json } from "./errors.ts";
import type { Execution, Metadata } from "./executions.ts";
import { type Page, type PageRequest, pages, query } from "./pages.ts";
import type { Call } from "./transport.ts";

/** A schedule to make: its executions, and its ticks by either `cron` or `every_seconds`. */
export interface NewSchedule {
  function_name: string;
  function_arguments?: unknown[];
  metadata?: Metadata;
  /** Five fields, or six with the seconds first. */
  cron?: string;
  /** An IANA name, with `cron`. @default UTC */
  timezone?: string;
  every_seconds?: number;
  /** The ticks of `every_seconds` are whole periods from it. */
  anchor?: Date | string;
  starts_at?: Date | string;
  ends_at?: Date | string;
  jitter_seconds?: number;
  /** Tells a tick how to meet a last execution that is not final. @default "allow" */
  overlap?: "allow" | "skip" | "cancel";
  /** Missed ticks that run after an outage. @default "latest" */
  catch_up?: "latest" | "all" | "none";
}

/** A schedule that a program has made. */
export interface ApiSchedule {
  id: string;
  name: string;
  source: "api";
  function_name: string;
  function_id: string;
  /** Only where one schedule is asked for. */
  function_arguments?: unknown[];
  metadata: Metadata;
  cron?: string;
  timezone?: string;
  every_seconds?: number;
  anchor?: string;
  starts_at?: string;
  ends_at?: string;
  jitter_seconds: number;
  overlap: "allow" | "skip" | "cancel";
  catch_up: "latest" | "all" | "none";
  paused: boolean;
  /** The next tick, without its jitter. */
  next_at?: string;
  last_at?: string;
  last_execution_id?: string;
  created_at: string;
  updated_at: string;
  /** Names of the callers who made it, and who changed it last. */
  created_by?: string;
  updated_by?: string;
}

/** The `defer.cron` of a function: only a deployment changes it. */
export interface CodeSchedule {
  name: string;
  source: "code";
  function_name: string;
  function_id: string;
  cron: string;
  timezone: "UTC";
  paused: false;
  next_at?: string;
}

export type Schedule = ApiSchedule | CodeSchedule;

export interface ScheduleFilters {
  prefix?: string;
  paused?: boolean;
  function_ids?: string[];
}

export function schedules(call: Call) {
  const path = (name: string, part = "") => `/schedules/${encodeURIComponent(name)}${part}`;
  const one = async <Shape extends Schedule>(response: Response) => ((await json(response)) as { data: Shape }).data;
  const page = async (filters: ScheduleFilters, which: PageRequest) =>
    (await json(await call("GET", `/schedules${query({ ...filters, ...which })}`))) as Page<Schedule>;

  return {
    /** Makes or replaces it. The same once more changes nothing. */
    put: async (name: string, schedule: NewSchedule) =>
      one<ApiSchedule>(await call("PUT", path(name), { body: schedule, isRepeatable: true })),

    get: async (name: string) => one<Schedule>(await call("GET", path(name))),

    /** Yields all that `filters` ask for, by name; a page is read when it is reached. */
    list: (filters: ScheduleFilters = {}) => pages((which) => page(filters, which)),

    /** Reads one page, by name. */
    page: (which: PageRequest = {}, filters: ScheduleFilters = {}) => page(filters, which),

    /** Removes it. Executions of ticks that have come stay. */
    async delete(name: string): Promise<void> {
      await call("DELETE", path(name));
    },

    pause: async (name: string) => one<ApiSchedule>(await call("POST", path(name, "/pause"), { isRepeatable: true })),

    /** Goes on with the next tick after now. */
    resume: async (name: string) => one<ApiSchedule>(await call("POST", path(name, "/resume"), { isRepeatable: true })),

    /** Runs it once now, out of turn. */
    run: async (name: string, { idempotencyKey }: { idempotencyKey?: string } = {}) => {
      const isRepeatable = idempotencyKey !== undefined;
      const response = await call("POST", path(name, "/runs"), { idempotencyKey, isRepeatable });
      return ((await json(response)) as { data: Execution }).data;
    },

    /** Tells the next ticks, at most 1,000. */
    next: async (name: string, count = 10) =>
      ((await json(await call("GET", path(name, `/next${query({ count })}`)))) as { data: string[] }).data,
  };
}
