// epoque/client: the HTTP API for scripts and servers, in Node and on the edge. It needs `fetch` and nothing else.

import { readAlarms } from "./alarms.ts";
import { bulk } from "./bulk.ts";
import { executions } from "./executions.ts";
import { failures } from "./failures.ts";
import { functions } from "./functions.ts";
import { schedules } from "./schedules.ts";
import { tokens } from "./tokens.ts";
import { type ClientOptions, transport } from "./transport.ts";

export type { Alarm } from "./alarms.ts";
export type { BulkAction, BulkJob, DryRun, NewBulkCancel, NewBulkRerun, NewBulkReschedule } from "./bulk.ts";
export { EpoqueError, type ErrorCode } from "./errors.ts";
export type {
  BatchResult,
  Change,
  Execution,
  Filters,
  Interval,
  Metadata,
  NewExecution,
  State,
  Timeline,
} from "./executions.ts";
export type { FailureFilters, FailureGroup, FailureState } from "./failures.ts";
export type { DeployedFunction } from "./functions.ts";
export type { LogLine } from "./logs.ts";
export type { Page, PageRequest } from "./pages.ts";
export type { ApiSchedule, CodeSchedule, NewSchedule, Schedule, ScheduleFilters } from "./schedules.ts";
export type { NewToken, Scope, Token } from "./tokens.ts";
export type { ClientOptions } from "./transport.ts";

export type Client = ReturnType<typeof createClient>;

/**
 * Returns a client of the deployment at `DEFER_ENDPOINT`, with the token `DEFER_TOKEN`. Its calls reject with an
 * {@link EpoqueError} for what the API refuses; what may be repeated is, after a fault of the service.
 * @throws Error naming the setting that is missing
 */
export function createClient(options: ClientOptions = {}) {
  const call = transport(options);
  return {
    /** Reads the alarms that ring, the latest first. */
    alarms: () => readAlarms(call),
    executions: executions(call),
    functions: functions(call),
    schedules: schedules(call),
    bulk: bulk(call),
    failures: failures(call),
    tokens: tokens(call),
  };
}
