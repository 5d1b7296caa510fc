import type { ApiFilters } from "../api/types.ts";

/** A filter of a job in words. */
export interface FilterLabel {
  name: string;
  value: string;
}

const NAMES: Readonly<Record<string, string>> = {
  states: "state",
  function_ids: "function",
  error_codes: "error code",
  error_fingerprint: "failure",
  executed_by: "parent",
  rerun_of: "re-run of",
  created_at: "created",
  scheduled_at: "due",
  started_at: "started",
  schedule: "schedule",
} satisfies Record<Exclude<keyof ApiFilters, "metadata">, string>;

/** Describes the filters of a job. `names`: of functions and kinds of failures, by id. */
export function filterLabels(
  filters: Readonly<Record<string, unknown>>,
  names: ReadonlyMap<string, string>,
): FilterLabel[] {
  return Object.entries(filters).flatMap(([name, value]) => {
    if (name === "metadata" && Array.isArray(value)) {
      return (value as { key: string; values: string[] }[]).map(({ key, values }) => ({
        name: key,
        value: values.join(" or "),
      }));
    }
    if (name === "error_fingerprint") {
      return [{ name: NAMES[name] ?? name, value: names.get(String(value)) ?? "of one kind" }];
    }
    return [{ name: NAMES[name] ?? name, value: valueText(value, names) }];
  });
}

function valueText(value: unknown, names: ReadonlyMap<string, string>): string {
  if (Array.isArray(value)) return value.map((one) => names.get(String(one)) ?? String(one)).join(" or ");
  if (typeof value !== "object" || value === null) return names.get(String(value)) ?? String(value);
  const { from, to } = value as { from?: string; to?: string };
  return [from && `from ${localText(from)}`, to && `until ${localText(to)}`].filter(Boolean).join(" ");
}

function localText(time: string): string {
  return new Date(time).toLocaleString();
}
