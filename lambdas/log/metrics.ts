/**
 * Everything that is counted, with its unit. `lib/monitoring/` draws and watches exactly these.
 *
 * A custom metric costs $0.30 a month, and so does each value of a dimension. So they are counted for the deployment as
 * a whole, and only `failed` for each function as well: the runner's own Lambda succeeds when the user's function
 * fails, and nothing else says by name which one does. What is zero is not written, and a metric that is not written
 * costs nothing: so do a function that does not fail and a deployment that stands still. What starts, waits, is
 * throttled and how long it runs AWS counts for each function and queue for free.
 */
export const metrics = {
  enqueued: "Count",
  started: "Count",
  succeeded: "Count",
  /** Executions that failed for good. */
  failed: "Count",
  /** Attempts that failed and are followed by another one. */
  retried: "Count",
  /**
   * Executions that were lost: their worker died, their message did not arrive, nothing could start them, or their task
   * stopped before it began.
   */
  lost: "Count",
  /**
   * Executions that have waited behind others of their function for more than an hour, each time the sweep sees them.
   */
  waiting: "Count",
  /** Sweeps that had no time for everything that was overdue. */
  cutShort: "Count",
  /** State changes whose event did not get to the event bus. */
  unpublished: "Count",
  /** Requests with no valid token, which were answered with 401. */
  unauthorized: "Count",
  /** How long after its due time an attempt began, or its task was launched. */
  latenessMs: "Milliseconds",
  /** How long an attempt ran. */
  durationMs: "Milliseconds",
} as const;

export type MetricName = keyof typeof metrics;

/** Metrics that are counted by function too; the dimension is the entry's field `function`. */
const byFunction: readonly MetricName[] = ["failed"];

interface Directive {
  Namespace: string;
  Dimensions: string[][];
  Metrics: { Name: string; Unit?: string }[];
}

// A count needs no unit, and each byte of a line is paid for.
function described(name: MetricName): Directive["Metrics"][number] {
  return { Name: name, ...(metrics[name] !== "Count" && { Unit: metrics[name] }) };
}

/**
 * Returns the directives that tell CloudWatch which fields of a line are metrics. Source: "Embedded metric format
 * specification".
 */
export function metricDirectives(
  Namespace: string,
  values: Partial<Record<MetricName, number>>,
  functionName: string | undefined,
): Directive[] {
  const names = (Object.keys(values) as MetricName[]).filter((name) => values[name] !== undefined);
  const directive = (Dimensions: string[][], these: MetricName[]): Directive[] =>
    these.length === 0 ? [] : [{ Namespace, Dimensions, Metrics: these.map(described) }];
  const isByFunction = (name: MetricName) => functionName !== undefined && byFunction.includes(name);
  return [
    ...directive(
      [[]],
      names.filter((name) => !isByFunction(name)),
    ),
    ...directive([[], ["function"]], names.filter(isByFunction)),
  ];
}
