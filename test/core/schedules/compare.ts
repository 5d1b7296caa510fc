import { nextTicks } from "../../../lambdas/core/schedules/ticks.ts";
import { dailyTicks, matchingMinutes, offsetsOf } from "./oracle.ts";

const DAY_MS = 86_400_000;
const MARGIN_MS = 2 * DAY_MS;

/** Clock times around which the world's clocks change. */
const FIXED = [
  [0, 0],
  [0, 30],
  [1, 45],
  [2, 0],
  [2, 15],
  [2, 30],
  [3, 0],
  [23, 59],
] as const;

const MOVING = [
  ["30 * * * *", (_: number, minute: number) => minute === 30],
  ["*/20 * * * *", (_: number, minute: number) => minute % 20 === 0],
  ["0 */2 * * *", (hour: number, minute: number) => hour % 2 === 0 && minute === 0],
] as const;

/**
 * Compares the ticks of several expressions with the oracle's, around every change of the clock of `zone` between two
 * moments. Returns a line for each difference.
 */
export function differences(zone: string, fromMs: number, toMs: number): string[] {
  const offsets = offsetsOf(zone, fromMs, toMs);
  const changes = offsets.slice(1).map(({ fromMs }) => fromMs);
  return changes.flatMap((changeMs) => {
    const [from, to] = [changeMs - MARGIN_MS, changeMs + MARGIN_MS];
    const differing = (cron: string, expected: number[]): string[] => {
      const actual = nextTicks({ rule: { cron, timezone: zone }, endsAtMs: to - 1 }, from, expected.length + 1);
      return JSON.stringify(actual) === JSON.stringify(expected)
        ? []
        : [`${zone} ${cron} at ${new Date(changeMs).toISOString()}: ${text(actual)}, expected ${text(expected)}`];
    };
    return [
      ...FIXED.flatMap(([hour, minute]) =>
        differing(`${minute} ${hour} * * *`, dailyTicks(offsets, hour, minute, from, to)),
      ),
      ...MOVING.flatMap(([cron, matches]) => differing(cron, matchingMinutes(offsets, matches, from, to))),
    ];
  });
}

function text(ticks: readonly number[]): string {
  return ticks.map((tick) => new Date(tick).toISOString()).join(" ");
}
