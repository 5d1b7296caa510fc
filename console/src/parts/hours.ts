const HOUR_MS = 3_600_000;

/** An hour and how often something happened in it. */
export interface Hour {
  startMs: number;
  count: number;
}

/** Returns the last 24 hours, oldest first: those in which nothing happened too. */
export function lastDay(byHour: readonly { hour: string; count: number }[], nowMs: number): Hour[] {
  const counts = new Map(byHour.map(({ hour, count }) => [Date.parse(hour), count]));
  const current = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  return Array.from({ length: 24 }, (_, index) => {
    const startMs = current - (23 - index) * HOUR_MS;
    return { startMs, count: counts.get(startMs) ?? 0 };
  });
}

/** How often something happened within the last 24 hours. */
export function lastDayCount(byHour: readonly { hour: string; count: number }[], nowMs: number): number {
  return lastDay(byHour, nowMs).reduce((sum, { count }) => sum + count, 0);
}
