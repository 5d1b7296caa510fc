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

type Test = (execution: Execution, filters: Filters) => boolean;

/** A test for each filter; one that is forgotten does not compile, since a bulk job would act on what it must not. */
const tests: Record<keyof Filters, Test> = {
  states: ({ state }, { states }) => isOneOf(state, states),
  functionIds: ({ functionId }, { functionIds }) => isOneOf(functionId, functionIds),
  errorCodes: (execution, { errorCodes }) =>
    isOneOf("errorCode" in execution ? execution.errorCode : undefined, errorCodes),
  executedBy: (execution, { executedBy }) => executedBy === undefined || execution.executedBy === executedBy,
  rerunOf: (execution, { rerunOf }) => rerunOf === undefined || execution.rerunOf === rerunOf,
  createdAt: ({ createdAtMs }, { createdAt }) => isWithin(createdAtMs, createdAt),
  errorFingerprint: (execution, { errorFingerprint }) =>
    errorFingerprint === undefined || execution.errorFingerprint === errorFingerprint,
  schedule: ({ scheduleName }, { schedule }) => schedule === undefined || scheduleName === schedule,
  scheduledAt: ({ scheduledAtMs }, { scheduledAt }) => isWithin(scheduledAtMs, scheduledAt),
  startedAt: (execution, { startedAt }) =>
    isWithin("startedAtMs" in execution ? execution.startedAtMs : undefined, startedAt),
  metadata: (execution, { metadata = [] }) =>
    metadata.every(({ key, values }) => isOneOf(own(execution.metadata, key), values)),
};

/** Whether `execution` is one that `filters` ask for. */
export function matches(execution: Execution, filters: Filters): boolean {
  return Object.values(tests).every((test) => test(execution, filters));
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
