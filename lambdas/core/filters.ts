import type { ErrorCode, Execution, State } from "./execution.ts";
import type { ExecutionId } from "./ids.ts";

/** A span of time, ends included. */
interface Interval {
  fromMs?: number | undefined;
  toMs?: number | undefined;
}

/** Filters of a list, joined by AND. An empty list of values is no filter. */
export interface Filters {
  states?: readonly State[] | undefined;
  functionIds?: readonly string[] | undefined;
  errorCodes?: readonly ErrorCode[] | undefined;
  executedBy?: ExecutionId | undefined;
  rerunOf?: ExecutionId | undefined;
  createdAt?: Interval | undefined;
  /** Kind of failure. */
  errorFingerprint?: string | undefined;
  /** Name of a schedule. */
  schedule?: string | undefined;
  scheduledAt?: Interval | undefined;
  startedAt?: Interval | undefined;
  /** One of the values for each of the keys. */
  metadata?: readonly { key: string; values: readonly string[] }[] | undefined;
}

/** Whether `execution` is one that `filters` ask for. */
export function matches(execution: Execution, filters: Filters): boolean {
  return (
    isOneOf(execution.state, filters.states) &&
    isOneOf(execution.functionId, filters.functionIds) &&
    isOneOf("errorCode" in execution ? execution.errorCode : undefined, filters.errorCodes) &&
    (filters.executedBy === undefined || execution.executedBy === filters.executedBy) &&
    (filters.rerunOf === undefined || execution.rerunOf === filters.rerunOf) &&
    isWithin(execution.createdAtMs, filters.createdAt) &&
    (filters.errorFingerprint === undefined || execution.errorFingerprint === filters.errorFingerprint) &&
    (filters.schedule === undefined || execution.scheduleName === filters.schedule) &&
    isWithin(execution.scheduledAtMs, filters.scheduledAt) &&
    isWithin("startedAtMs" in execution ? execution.startedAtMs : undefined, filters.startedAt) &&
    (filters.metadata ?? []).every(({ key, values }) => isOneOf(own(execution.metadata, key), values))
  );
}

function isOneOf<T>(value: T | undefined, wanted: readonly T[] | undefined): boolean {
  return !wanted?.length || (value !== undefined && wanted.includes(value));
}

function isWithin(ms: number | undefined, interval: Interval | undefined): boolean {
  if (!isBounded(interval)) return true;
  return ms !== undefined && ms >= (interval?.fromMs ?? -Infinity) && ms <= (interval?.toMs ?? Infinity);
}

function isBounded(interval: Interval | undefined): boolean {
  return interval?.fromMs !== undefined || interval?.toMs !== undefined;
}

function own(metadata: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(metadata, key) ? metadata[key] : undefined;
}
