// A second, independent reckoning of cron ticks: from the list of a zone's offsets, field by field.

/** From `fromMs` on, the clock of the zone is `offsetMs` ahead of UTC. */
interface Offset {
  fromMs: number;
  offsetMs: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** Returns the offsets of a zone between two moments, found by looking at every hour. */
export function offsetsOf(zone: string, fromMs: number, toMs: number): Offset[] {
  const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, timeZoneName: "longOffset" });
  const offsetAt = (ms: number): number => {
    const [, sign = "+", hours = "0", minutes = "0", seconds = "0"] =
      /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(format.format(ms)) ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds) * 1000);
  };
  const offsets: Offset[] = [{ fromMs: -Infinity, offsetMs: offsetAt(fromMs) }];
  for (let ms = fromMs; ms < toMs; ms += HOUR_MS) {
    const before = offsets.at(-1)?.offsetMs;
    if (offsetAt(ms + HOUR_MS) === before) continue;
    // Changes of a clock lie on whole minutes.
    let change = ms;
    while (offsetAt(change) === before) change += MINUTE_MS;
    offsets.push({ fromMs: change, offsetMs: offsetAt(change) });
  }
  return offsets;
}

function showing(offsets: readonly Offset[], local: number): number {
  const moments = offsets.flatMap(({ fromMs, offsetMs }, index) => {
    const moment = local - offsetMs;
    return moment >= fromMs && moment < (offsets[index + 1]?.fromMs ?? Infinity) ? [moment] : [];
  });
  if (moments.length > 0) return Math.min(...moments);
  // It does not exist: the first moment at which the clock shows more.
  return Math.min(...offsets.filter(({ fromMs, offsetMs }) => fromMs + offsetMs > local).map(({ fromMs }) => fromMs));
}

/** Returns the ticks of `minute hour * * *` from `fromMs` on, before `toMs`. */
export function dailyTicks(
  offsets: readonly Offset[],
  hour: number,
  minute: number,
  fromMs: number,
  toMs: number,
): number[] {
  const ticks = new Set<number>();
  for (let day = Math.floor(fromMs / DAY_MS) * DAY_MS - 2 * DAY_MS; day < toMs + 2 * DAY_MS; day += DAY_MS) {
    ticks.add(showing(offsets, day + hour * HOUR_MS + minute * MINUTE_MS));
  }
  return [...ticks].filter((tick) => tick > fromMs && tick < toMs).sort((a, b) => a - b);
}

/** Returns the minutes after `fromMs` and before `toMs` at which the clock of the zone shows a time that `matches`. */
export function matchingMinutes(
  offsets: readonly Offset[],
  matches: (hour: number, minute: number) => boolean,
  fromMs: number,
  toMs: number,
): number[] {
  const found: number[] = [];
  for (let ms = Math.floor(fromMs / MINUTE_MS) * MINUTE_MS + MINUTE_MS; ms < toMs; ms += MINUTE_MS) {
    const offsetMs = offsets.findLast((offset) => offset.fromMs <= ms)?.offsetMs ?? 0;
    const clock = new Date(ms + offsetMs);
    if (matches(clock.getUTCHours(), clock.getUTCMinutes())) found.push(ms);
  }
  return found;
}
