import type { Clock, FailureGroups } from "../ports.ts";
import { GROUP_HOURS, hourOf } from "./group.ts";

/** Failures are counted when they happen: an hour that ended this long ago has all of its own. */
const SETTLED_HOURS = 2;

/** An hour with more kinds of failures than this is read each time: memory stays small. */
const MAX_REMEMBERED = 200;

/**
 * Remembers which groups were seen in hours that are over. A list reads a week of hours, most of them empty, each for a
 * query a shard; whoever looks at a list asks for it again every few seconds.
 */
export function rememberingPastHours(groups: FailureGroups, clock: Clock): FailureGroups {
  const past = new Map<number, readonly string[]>();
  return {
    ...groups,
    async seenIn(hour) {
      const known = past.get(hour);
      if (known !== undefined) return known;
      const found = await groups.seenIn(hour);
      const newest = hourOf(clock.now());
      if (hour > newest - SETTLED_HOURS || found.length > MAX_REMEMBERED) return found;
      past.set(hour, found);
      for (const each of past.keys()) if (each <= newest - GROUP_HOURS) past.delete(each);
      return found;
    },
  };
}
