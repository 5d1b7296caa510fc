import { DomainError } from "../core/errors.ts";
import { type FailureGroup, GROUP_HOURS, type GroupState, groupOf, HOUR_MS, hourOf } from "../core/failures/group.ts";
import { hourAndFingerprint, type SeenKey, seenHours } from "../core/failures/seen-hours.ts";
import { functionId } from "../core/ids.ts";
import { type Page, type PageRequest, readPage } from "../core/listing/page.ts";
import type { Clock, FailureGroups } from "../core/ports.ts";

export interface FailuresPorts {
  failures: FailureGroups;
  clock: Clock;
}

export interface FailureFilters {
  states?: readonly GroupState[] | undefined;
  functionIds?: readonly string[] | undefined;
}

/** Partitions of the index that are read at once. */
const PARTITIONS_AT_ONCE = 96;

/** Groups of failures by the hour in which they were last seen, newest first, page by page. */
export function listFailures(
  { failures, clock }: FailuresPorts,
  filters: FailureFilters,
  request: PageRequest,
): Promise<Page<FailureGroup>> {
  const newestHour = hourOf(clock.now());
  // One request loads a group once, however many hours it was seen in.
  const loaded = new Map<string, Promise<FailureGroup | undefined>>();
  const load = (fingerprint: string) => {
    const known = loaded.get(fingerprint) ?? loadGroup({ failures, clock }, fingerprint);
    loaded.set(fingerprint, known);
    return known;
  };
  return readPage<SeenKey, FailureGroup>(
    {
      open: async (direction, from, _wanted, budget) =>
        seenHours({
          read: (hour) => failures.seenIn(hour),
          oldestHour: newestHour - GROUP_HOURS + 1,
          newestHour,
          direction,
          from,
          budget,
          atOnce: Math.max(1, Math.floor(PARTITIONS_AT_ONCE / failures.shards)),
        }),
      async fetch(keys) {
        const found = await Promise.all(
          keys.map(async (key) => {
            const { hour, fingerprint } = hourAndFingerprint(key);
            const group = await load(fingerprint);
            const isWanted = group !== undefined && hourOf(group.lastAtMs) === hour && matches(group, filters);
            return isWanted ? ([[key, group]] as const) : [];
          }),
        );
        return new Map(found.flat());
      },
    },
    request,
  );
}

/** @throws DomainError `not_found` */
export async function findFailure(ports: FailuresPorts, fingerprint: string): Promise<FailureGroup> {
  const group = await loadGroup(ports, fingerprint);
  if (group !== undefined) return group;
  throw new DomainError("not_found", `no failure of this kind in the last 7 days: "${fingerprint.slice(0, 100)}"`);
}

/**
 * Notes that a group is resolved, until it happens again; ignored, whatever happens; or open.
 * @throws DomainError `not_found`
 */
export async function resolveFailure(
  ports: FailuresPorts,
  { fingerprint }: FailureGroup,
  state: GroupState,
  by: string,
): Promise<FailureGroup> {
  await ports.failures.resolve(fingerprint, state === "open" ? undefined : { state, by, atMs: ports.clock.now() });
  return findFailure(ports, fingerprint);
}

async function loadGroup({ failures, clock }: FailuresPorts, fingerprint: string): Promise<FailureGroup | undefined> {
  const [buckets, resolution] = await Promise.all([failures.buckets(fingerprint), failures.resolution(fingerprint)]);
  const sinceMs = clock.now() - GROUP_HOURS * HOUR_MS;
  return groupOf(
    fingerprint,
    // Those that have expired may still be there.
    buckets.filter(({ hour }) => hour > hourOf(sinceMs)),
    resolution,
  );
}

function matches(group: FailureGroup, { states, functionIds }: FailureFilters): boolean {
  return (
    (!states?.length || states.includes(group.state)) &&
    (!functionIds?.length || functionIds.includes(functionId(group.functionName)))
  );
}
