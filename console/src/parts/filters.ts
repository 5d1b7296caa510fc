import type { ApiFilters, State } from "../api/types.ts";
import type { TextSearch } from "../state/text-search.ts";

/** From a moment on, before another, or both. */
interface Period {
  from?: string;
  to?: string;
}

/** Begins the parameters of an address that filter by metadata: `meta.customer=acme`. */
export const METADATA = "meta.";

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A span as an address names it: `30m`, `1h`, `7d`. */
function spanMs(text: string | undefined): number | undefined {
  const [, count, unit = ""] = /^(\d{1,4})([mhd])$/.exec(text ?? "") ?? [];
  const size = UNITS[unit];
  return count === undefined || size === undefined ? undefined : Number(count) * size;
}

/** A list in one parameter: `failed,aborted`. */
export function listIn(text: string | undefined): string[] {
  return (text ?? "").split(",").filter(Boolean);
}

/** Names of the times: in the API, in an address before `since`, `within`, `from` and `to`, and in words. */
export const times = [
  { filter: "created_at", prefix: "", label: "Created" },
  { filter: "scheduled_at", prefix: "due.", label: "Due" },
  { filter: "started_at", prefix: "started.", label: "Started" },
] as const;

/** A period as an address names it: the last hour, the next one, or from and to. */
function periodIn(search: TextSearch, prefix: string, nowMs: number): Period | undefined {
  const since = spanMs(search[`${prefix}since`]);
  const within = spanMs(search[`${prefix}within`]);
  if (since !== undefined) return { from: new Date(nowMs - since).toISOString() };
  if (within !== undefined) {
    return { from: new Date(nowMs).toISOString(), to: new Date(nowMs + within).toISOString() };
  }
  const [from, to] = [search[`${prefix}from`], search[`${prefix}to`]];
  if (from === undefined && to === undefined) return undefined;
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
}

/**
 * Returns the filters that an address names. Functions are named there, since a person reads it, and their ids are
 * looked up; an unknown name matches nothing.
 */
export function filtersOf(search: TextSearch, functionIds: ReadonlyMap<string, string>, nowMs: number): ApiFilters {
  const { state, function: functions, error, fingerprint, parent, rerun_of, schedule } = search;
  const periods = times.flatMap(({ filter, prefix }) => {
    const period = periodIn(search, prefix, nowMs);
    return period === undefined ? [] : [[filter, period] as const];
  });
  const metadata = Object.entries(search)
    .filter(([name]) => name.startsWith(METADATA))
    .map(([name, value = ""]) => ({ key: name.slice(METADATA.length), values: [value] }));
  return {
    ...(state !== undefined && { states: listIn(state) as State[] }),
    ...(functions !== undefined && {
      function_ids: listIn(functions).map((name) => functionIds.get(name) ?? UNKNOWN),
    }),
    ...(error !== undefined && { error_codes: listIn(error) as NonNullable<ApiFilters["error_codes"]> }),
    ...(fingerprint !== undefined && { error_fingerprint: fingerprint }),
    ...(parent !== undefined && { executed_by: parent }),
    ...(rerun_of !== undefined && { rerun_of }),
    ...(schedule !== undefined && { schedule }),
    ...Object.fromEntries(periods),
    ...(metadata.length > 0 && { metadata }),
  };
}

const UNKNOWN = "00000000-0000-0000-0000-000000000000";

/** The parameters that filter; the others choose columns or a dialog. */
export function isFilter(name: string): boolean {
  return FILTERS.has(name) || name.startsWith(METADATA);
}

const FILTERS = new Set([
  "state",
  "function",
  "error",
  "fingerprint",
  "parent",
  "rerun_of",
  "schedule",
  ...times.flatMap(({ prefix }) => ["since", "within", "from", "to"].map((name) => prefix + name)),
]);
