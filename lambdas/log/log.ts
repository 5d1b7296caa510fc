import { type MetricName, metricDirectives, metrics as units } from "./metrics.ts";

/**
 * Fields of a log line: the subject of a decision and its result. There is no field for arguments, results,
 * metadata, headers or tokens, so none of them can get into the log by mistake.
 */
export interface LogEntry {
  /** The decision, in fixed words: what one searches for. */
  message: string;
  /** Only of errors: Lambda takes a line without a level for INFO. */
  level?: "ERROR";
  requestId?: string | undefined;
  executionId?: string | undefined;
  /** Name of a schedule. */
  schedule?: string | undefined;
  /** Id of a bulk job. */
  job?: string | undefined;
  attempt?: number;
  function?: string | undefined;
  /** An API request: the gateway's route, never the path as it came. */
  route?: string;
  status?: number;
  /** Name of the caller of a request. */
  by?: string;
  /** The state that an execution came to. */
  state?: string;
  errorCode?: string | undefined;
  /** Why something was not done. */
  reason?: string;
  messageId?: string;
  /** ARN of a task on Fargate. */
  task?: string;
  remainingMs?: number;
  /** These two are given as metrics where a line counts them, and are fields all the same. */
  latenessMs?: number;
  durationMs?: number;
  /** An error of our own code. Errors of the user's code are stored with the execution. */
  error?: LoggedError;
  /** Report of a sweep. */
  sweep?: object;
  /** Counts of a bulk job. */
  bulk?: object;
}

export interface LoggedError {
  name: string;
  message: string;
  stack: string | undefined;
  /** In one line, what was behind it. */
  cause?: string;
}

/** Writes one line: a decision, and what is to be counted of it. */
export type Log = (entry: LogEntry, metrics?: Partial<Record<MetricName, number>>) => void;

export interface LogOptions {
  /** Namespace of the metrics: the deployment's own, so that two of them in one account stay apart. */
  namespace: string;
  now: () => number;
  writeLine: (line: string) => void;
}

/**
 * One JSON line for each decision; its metrics go along in CloudWatch's embedded metric format. Our own forty lines,
 * see docs/decisions/0010.
 */
export function createLog({ namespace, now, writeLine }: LogOptions): Log {
  return ({ level, message, ...fields }, counted = {}) => {
    const atMs = now();
    const metrics = Object.fromEntries(Object.entries(counted).filter(([name, value]) => value !== 0 || isTime(name)));
    const directives = metricDirectives(namespace, metrics, fields.function);
    writeLine(
      JSON.stringify({
        time: new Date(atMs).toISOString(),
        level,
        message,
        ...fields,
        ...metrics,
        ...(directives.length > 0 && { _aws: { Timestamp: atMs, CloudWatchMetrics: directives } }),
      }),
    );
  };
}

// That something took no time at all is worth knowing; that it did not happen is not.
function isTime(name: string): boolean {
  return units[name as MetricName] === "Milliseconds";
}

/** Returns a thrown value in the form of a log line. */
export function loggedError(error: unknown): LoggedError {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  const cause = error instanceof Error ? error.cause : undefined;
  return { name, message, stack, ...(cause instanceof Error && { cause: `${cause.name}: ${cause.message}` }) };
}
