import type { Budget } from "../listing/budget.ts";
import { type Direction, isBefore, type Position, type Postings, type Step } from "../listing/postings.ts";
import { isFingerprint } from "./fingerprint.ts";

/** An hour in which a group was seen: `<hour>#<fingerprint>`. The hours of our time have as many digits. */
export type SeenKey = string & { readonly brand: "SeenKey" };

function seenKey(hour: number, fingerprint: string): SeenKey {
  return `${hour}#${fingerprint}` as SeenKey;
}

export function hourAndFingerprint(key: SeenKey): { hour: number; fingerprint: string } {
  const [hour = "", fingerprint = ""] = key.split("#");
  return { hour: Number(hour), fingerprint };
}

export function isSeenKey(text: string): text is SeenKey {
  const [hour = "", fingerprint = "", ...rest] = text.split("#");
  return /^\d{6}$/.test(hour) && isFingerprint(fingerprint) && rest.length === 0;
}

export interface SeenHoursOptions {
  /** Fingerprints seen in an hour. */
  read: (hour: number) => Promise<readonly string[]>;
  oldestHour: number;
  newestHour: number;
  direction: Direction;
  from: Position | undefined;
  budget: Budget;
  /** Hours that are read at once. */
  atOnce: number;
}

/** The groups of each hour, hour by hour: a group stands in every hour in which it was seen. */
export function seenHours(options: SeenHoursOptions): Postings<SeenKey> {
  const { read, direction, from, budget, atOnce } = options;
  const isNewestFirst = direction === "newestFirst";
  const start = from === undefined ? Number.NaN : Number.parseInt(from, 10);
  let hour = isNewestFirst
    ? Math.min(options.newestHour, Number.isNaN(start) ? Infinity : start)
    : Math.max(options.oldestHour, Number.isNaN(start) ? -Infinity : start);
  const buffer: SeenKey[] = [];

  async function fill(hours: readonly number[]): Promise<void> {
    const keys = await Promise.all(hours.map(async (it) => (await read(it)).map((found) => seenKey(it, found))));
    const wanted = [...new Set(keys.flat())].filter((key) => from === undefined || !isBefore(key, from, direction));
    buffer.push(...wanted.sort((a, b) => (isBefore(a, b, direction) ? -1 : 1)));
  }

  return {
    async next(): Promise<Step<SeenKey>> {
      for (;;) {
        const key = buffer.shift();
        if (key !== undefined) return { key };
        const step = isNewestFirst ? -1 : 1;
        const hours = Array.from({ length: atOnce }, (_, index) => hour + step * index).filter(
          (it) => it >= options.oldestHour && it <= options.newestHour,
        );
        if (hours.length === 0) return { stopped: "end" };
        if (budget.remaining() <= 0) return { stopped: "budget", at: isNewestFirst ? `${hour}~` : `${hour}` };
        await fill(hours);
        hour += step * hours.length;
      }
    },
  };
}
