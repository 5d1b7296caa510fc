const BARS = "▁▂▃▄▅▆▇█";
const HOUR_MS = 3_600_000;

/** Draws the last 24 hours as bars, the current hour last; a dot is an hour in which nothing happened. */
export function sparkline(hours: readonly { hour: string; count: number }[], nowMs: number): string {
  const counts = new Map(hours.map(({ hour, count }) => [Math.floor(Date.parse(hour) / HOUR_MS), count]));
  const last = Math.floor(nowMs / HOUR_MS);
  const shown = Array.from({ length: 24 }, (_, index) => counts.get(last - 23 + index) ?? 0);
  const most = Math.max(...shown);
  return shown.map((count) => (count === 0 ? "·" : BARS[Math.ceil((count / most) * BARS.length) - 1])).join("");
}
