import type { Client, Filters } from "../../client/client.ts";
import { findFingerprint } from "./find-fingerprint.ts";
import type { FilterOptions } from "./options.ts";

/**
 * Makes the API's filters from the options of a verb; functions are looked up by their names.
 * @throws EpoqueError if a function is not deployed
 */
export async function readFilters(client: Client, options: FilterOptions): Promise<Filters> {
  const { function: names, state, errorCode, kind, parent, rerunOf, schedule, metadata, ...times } = options;
  const { since, until, dueFrom, dueTo, startedFrom, startedTo, ...others } = times;
  // An option that is forgotten here does not compile: with --all, a verb would act on all that it should leave out.
  others satisfies Record<string, never>;
  const deployed = names && (await Promise.all(names.map((name) => client.functions.get(name))));
  const created = interval(since, until);
  const due = interval(dueFrom, dueTo);
  const started = interval(startedFrom, startedTo);
  return {
    ...(deployed && { function_ids: deployed.map(({ id }) => id) }),
    ...(state && { states: state }),
    ...(errorCode && { error_codes: errorCode }),
    ...(kind !== undefined && { error_fingerprint: await findFingerprint(client, kind) }),
    ...(parent !== undefined && { executed_by: parent }),
    ...(rerunOf !== undefined && { rerun_of: rerunOf }),
    ...(schedule !== undefined && { schedule }),
    ...(metadata && { metadata: byKey(metadata) }),
    ...(created && { created_at: created }),
    ...(due && { scheduled_at: due }),
    ...(started && { started_at: started }),
  };
}

function interval(from: Date | undefined, to: Date | undefined) {
  return from || to ? { ...(from && { from }), ...(to && { to }) } : undefined;
}

// Several values of a key are alternatives.
function byKey(pairs: readonly [string, string][]): { key: string; values: string[] }[] {
  const values = Map.groupBy(pairs, ([key]) => key);
  return [...values].map(([key, some]) => ({ key, values: some.map(([, value]) => value) }));
}
