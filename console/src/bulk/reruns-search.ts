import type { Job } from "../api/types.ts";
import { METADATA } from "../parts/filters.ts";
import type { TextSearch } from "../state/text-search.ts";

/**
 * Returns the address of a list in which the re-runs of a job are: what its functions have run since, with its
 * metadata. `functionOf`: names of functions, by their ids and by the kinds of failures that are theirs.
 */
export function rerunsSearch({ filters, created_at }: Job, functionOf: ReadonlyMap<string, string>): TextSearch {
  const { error_fingerprint: kind, function_ids: ids, metadata } = filters;
  const functions = [...(Array.isArray(ids) ? ids : []), ...(kind === undefined ? [] : [kind])]
    .map((id) => functionOf.get(String(id)))
    .filter((name) => name !== undefined);
  const pairs = (Array.isArray(metadata) ? metadata : []) as { key: string; values: string[] }[];
  return {
    ...(functions.length > 0 && { function: functions.join(",") }),
    // An address holds one value for each key.
    ...Object.fromEntries(
      pairs.filter(({ values }) => values.length === 1).map((it) => [METADATA + it.key, it.values[0]]),
    ),
    from: created_at,
  };
}
