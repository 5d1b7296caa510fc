import type { Execution } from "../../client/client.ts";
import type { Context } from "../invocation/context.ts";
import { readFilters } from "../invocation/filters.ts";
import type { FilterOptions } from "../invocation/options.ts";
import { executionColumns } from "./execution-columns.ts";

/** Lists executions, newest first. */
export default async function ls(
  context: Context,
  _: readonly string[],
  options: FilterOptions & { limit: number },
): Promise<void> {
  const client = context.client();
  const filters = await readFilters(client, options);
  const found: Execution[] = [];
  for await (const execution of client.executions.list(filters, { pageSize: Math.min(options.limit, 100) })) {
    found.push(execution);
    if (found.length === options.limit) break;
  }
  context.list(found, executionColumns(context.now()), "no executions");
}
