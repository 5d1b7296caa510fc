/** At most `limit` starts in `periodSeconds`, and up to `burst` of them at once. */
export interface RateLimit {
  limit: number;
  periodSeconds: number;
  burst: number;
  /** The metadata key whose values have a rate each. */
  per?: string;
}

/** Time between two starts at an even pace, in milliseconds; not always whole. */
export function intervalMs({ limit, periodSeconds }: RateLimit): number {
  return (periodSeconds * 1000) / limit;
}

/**
 * The generic cell rate algorithm (ITU-T I.371): when an execution may start for which `arrivalMs` was theoretical,
 * that is the pace's own time for it and not before now. Over any window of the period at most `limit` + `burst` start.
 */
export function startMs(arrivalMs: number, rate: RateLimit, nowMs: number): number {
  return Math.max(nowMs, Math.ceil(arrivalMs - (rate.burst - 1) * intervalMs(rate)));
}

/** Name of the rate that an execution with this metadata counts for, among those of its function. */
export function rateName({ per }: RateLimit, metadata: Readonly<Record<string, string>>): string {
  return per === undefined ? "=" : `${per}=${metadata[per] ?? ""}`;
}
