// Times as people type and read them.

const UNITS = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 } as const;

/** Parses `90s`, `10m`, `2h`, `1d` or `1w`. */
export function parseDuration(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,9})([smhdw])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * UNITS[unit as keyof typeof UNITS] * 1_000;
}

/**
 * Parses a time: RFC 3339, `now`, or a duration from now, `direction` telling whether it lies ahead or behind.
 * @returns undefined for anything else
 */
export function parseMoment(text: string, nowMs: number, direction: "ahead" | "ago"): Date | undefined {
  if (text === "now") return new Date(nowMs);
  const durationMs = parseDuration(text);
  if (durationMs !== undefined) return new Date(nowMs + (direction === "ahead" ? durationMs : -durationMs));
  // Without an offset it would be of this machine's zone, and a date alone of UTC: both too easy to get wrong.
  const [, date] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  const ms = Date.parse(text);
  // JavaScript takes February 30 for March 2.
  const isDate = date !== undefined && !Number.isNaN(ms) && new Date(date).toISOString().startsWith(date);
  return isDate ? new Date(ms) : undefined;
}

/** Tells how long ago or ahead a time is: `5m ago`, `in 2h`. */
export function relative(time: string | undefined, nowMs: number): string {
  if (time === undefined) return "";
  const ms = Date.parse(time) - nowMs;
  if (Math.abs(ms) < 1_000) return "now";
  return ms < 0 ? `${coarse(-ms)} ago` : `in ${coarse(ms)}`;
}

/** Tells a duration between two times: `120 ms`, `3.2 s`, `5m 10s`. */
export function between(from: string | undefined, to: string | undefined): string {
  if (from === undefined || to === undefined) return "";
  const ms = Date.parse(to) - Date.parse(from);
  if (ms < 1_000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  if (seconds < 3_600) return `${Math.floor(seconds / 60)}m ${seconds % 60}s`;
  return `${Math.floor(seconds / 3_600)}h ${Math.floor((seconds % 3_600) / 60)}m`;
}

/** Returns the local time of day. */
export function clock(time: string): string {
  return new Date(time).toLocaleTimeString("sv");
}

function coarse(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  for (const unit of ["w", "d", "h", "m"] as const) {
    if (seconds >= UNITS[unit] * (unit === "w" ? 8 : 1)) return `${Math.floor(seconds / UNITS[unit])}${unit}`;
  }
  return `${seconds}s`;
}
