import type { BulkAction, BulkJob, Client, Execution, Filters } from "../../client/client.ts";
import type { Context } from "../invocation/context.ts";
import { UsageError } from "../invocation/errors.ts";
import { readFilters } from "../invocation/filters.ts";
import type { FilterOptions } from "../invocation/options.ts";
import { followJob } from "./bulk/follow-job.ts";
import { eachExecution } from "./each-execution.ts";

/** Options of verbs that act on single executions, or on all that match. */
export interface AllOptions extends FilterOptions {
  all?: boolean;
  yes?: boolean;
  perSecond?: number;
  limit?: number;
  detach?: boolean;
}

interface Act {
  action: BulkAction;
  /** Acts on one. */
  each: (executions: Client["executions"], id: string) => Promise<Execution | undefined>;
  /** Starts a job that acts on all. */
  all: (bulk: Client["bulk"], job: { filters: Filters; per_second?: number; limit?: number }) => Promise<BulkJob>;
}

/** Acts on executions by their ids; with `all`, counts what matches the filters, asks, and starts a job. */
export async function eachOrAll(
  context: Context,
  ids: readonly string[],
  options: AllOptions,
  { action, each, all }: Act,
): Promise<void> {
  const client = context.client();
  const { perSecond, limit } = options;
  if (!options.all) {
    if (ids.length === 0) throw new UsageError("name executions by their ids, or filters and --all");
    await eachExecution(context, ids, (id) => each(client.executions, id));
    return;
  }
  if (ids.length > 0) throw new UsageError("name executions by their ids, or with --all by filters, but not both");
  const filters = await readFilters(client, options);
  if (Object.keys(filters).length === 0)
    throw new UsageError("--all goes with a filter; --since 52w is nearly everything");
  const most = limit === undefined ? {} : { limit };
  const { matched, matched_is_lower_bound: isMore } = await client.bulk.dryRun(action, { filters, ...most });
  if (matched === 0) {
    context.terminal.warn("nothing matches");
    return;
  }
  const count = `${matched.toLocaleString("en")}${isMore ? " or more" : ""}`;
  await context.confirm(`${action} ${count} ${matched === 1 ? "execution" : "executions"}?`, options.yes);
  const pace = perSecond === undefined ? {} : { per_second: perSecond };
  const job = await all(client.bulk, { filters, ...pace, ...most });
  if (options.detach) context.show(job, () => job.id);
  else await followJob(context, job, matched);
}
