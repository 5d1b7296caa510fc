const HOUR_MS = 3_600_000;

/** The longest gap of a local clock: Apia skipped a whole day in 2011. */
const MAX_GAP_MS = 25 * HOUR_MS;

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, format);
  return format;
}

/** Whether `zone` is an IANA time zone that this runtime knows. Offsets such as `+02:00` are not zones. */
export function isZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false;
  try {
    formatOf(zone);
    return true;
  } catch {
    return false;
  }
}

/**
 * Returns what the local clock of `zone` shows at `ms`, written as if it were UTC: 02:30 in Paris is the number of
 * milliseconds of 02:30Z of that day.
 */
export function localTime(zone: string, ms: number): number {
  const parts = Object.fromEntries(
    formatOf(zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second) + (ms - Math.floor(ms / 1000) * 1000);
}

/**
 * Returns the moment at which the local clock of `zone` shows `local` (as {@link localTime} writes it). A time that
 * exists twice is the first of both; one that does not exist is the first moment after the gap.
 */
export function momentOf(zone: string, local: number): number {
  const early = local - MAX_GAP_MS;
  const late = local + MAX_GAP_MS;
  // The offsets around it: the clock shows `local` at one of these moments, or never.
  const before = localTime(zone, early) - early;
  const after = localTime(zone, late) - late;
  const candidates = [local - Math.max(before, after), local - Math.min(before, after)];
  for (const moment of candidates) if (localTime(zone, moment) === local) return moment;
  return firstMomentShowing(zone, local, early, late);
}

// Binary search: within the window the first moment at which the clock shows `local` or later.
function firstMomentShowing(zone: string, local: number, early: number, late: number): number {
  let [low, high] = [Math.floor(early / 1000), Math.ceil(late / 1000)];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (localTime(zone, middle * 1000) >= local) high = middle;
    else low = middle + 1;
  }
  return low * 1000;
}
