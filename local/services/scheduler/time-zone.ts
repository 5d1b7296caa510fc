const DAY_MS = 86_400_000;

/** Matches names, not offsets such as `+01:00`, which `Intl` accepts too. */
const NAME = /^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/;

/** Returns whether this is a zone of the IANA database. */
export function isTimeZone(name: string): boolean {
  try {
    return NAME.test(name) && formatOf(name) !== undefined;
  } catch {
    return false;
  }
}

/**
 * Returns the wall time in a zone, as the epoch milliseconds at which UTC shows the same. To the second.
 * @throws RangeError if there is no such zone
 */
export function wallTime(utcMs: number, timeZone: string): number {
  const parts: Partial<Record<Intl.DateTimeFormatPartTypes, string>> = {};
  for (const { type, value } of formatOf(timeZone).formatToParts(utcMs)) parts[type] = value;
  const { year, month, day, hour, minute, second } = parts;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}

/**
 * Returns when clocks in a zone show a wall time (a value of `wallTime`): the first time, where they are set back;
 * `undefined` where they skip it.
 */
export function whenWallShows(wallMs: number, timeZone: string): number | undefined {
  if (timeZone === "UTC") return wallMs;
  // No zone changes its offset twice within two days.
  const offsets = [wallMs - DAY_MS, wallMs + DAY_MS].map((near) => wallTime(near, timeZone) - near);
  const moments = offsets.map((offsetMs) => wallMs - offsetMs).filter((utcMs) => wallTime(utcMs, timeZone) === wallMs);
  return moments.length === 0 ? undefined : Math.min(...moments);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(timeZone, format);
  return format;
}
