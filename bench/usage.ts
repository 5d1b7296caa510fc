import type { Meter, MeteredCall, MeteredInvocation } from "./meter.ts";
import type { Usage } from "./prices.ts";

const WRITES = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"];
const S3_WRITES = ["PutObject", "CopyObject"];

/** Tells what is counted from what goes on beside it, by the names of functions. */
export type Who = (functionName: string) => boolean;

const SCHEDULER = "scheduler.amazonaws.com";

/**
 * Returns the metered usage of some functions in priced units. Polls that bring nothing are left out, unless asked for.
 */
export function usageOf(
  { calls, invocations, logLines }: Meter,
  who: Who,
  { emptyPolls = false }: { emptyPolls?: boolean } = {},
): Usage {
  // Scheduler's requests count for the function that it calls.
  const counted = calls.filter(({ by, on, isEmpty }) => who(by === SCHEDULER ? on : by) && (emptyPolls || !isEmpty));
  const of = (service: string) => counted.filter((call) => call.service === service);
  const ran = invocations.filter(({ functionName }) => who(functionName));
  const lines = logLines.filter(({ functionName }) => who(functionName));
  return {
    writeUnits: sum(of("dynamodb").filter(isWrite), unitsOf),
    readUnits: sum(
      of("dynamodb").filter((call) => !isWrite(call)),
      unitsOf,
    ),
    sqsRequests: sum(of("sqs"), ({ requests }) => requests),
    // Making and deleting schedules costs nothing.
    schedulerInvocations: counted.filter(({ by }) => by === SCHEDULER).length,
    s3Puts: of("s3").filter(({ action }) => S3_WRITES.includes(action)).length,
    s3Gets: of("s3").filter(({ action }) => action === "GetObject").length,
    lambdaRequests: ran.length,
    lambdaGigabyteSeconds: sum([...Map.groupBy(ran, ({ functionName }) => functionName).values()], gigabyteSeconds),
    // Every request that comes in is one invocation, and none of them has 512 KB.
    apiRequests: ran.filter(({ functionName }) => functionName.endsWith("-api")).length,
    logGigabytes: sum(lines, ({ bytes }) => bytes) / 1e9,
  };
}

/** Billed by the started millisecond. Each as the median of its function's: a few that were disturbed do not count. */
function gigabyteSeconds(invocations: readonly MeteredInvocation[]): number {
  const billed = invocations
    .map(({ memoryMegabytes, ms }) => (Math.ceil(ms) / 1_000) * (memoryMegabytes / 1_024))
    .sort((a, b) => a - b);
  return billed.length * (billed[Math.floor(billed.length / 2)] ?? 0);
}

/** `usage` times `factor`. */
export function times(usage: Usage, factor: number): Usage {
  return Object.fromEntries(Object.entries(usage).map(([kind, amount]) => [kind, amount * factor]));
}

/** Subtracts `other` from `usage`. */
export function minus(usage: Usage, other: Usage): Usage {
  return Object.fromEntries(
    Object.entries(usage).map(([kind, amount]) => [kind, amount - (other[kind as keyof Usage] ?? 0)]),
  );
}

export function isWrite({ action }: MeteredCall): boolean {
  return WRITES.includes(action);
}

export function unitsOf({ units }: MeteredCall): number {
  return sum(Object.values(units), (each) => each);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
