import type { ApiFilters, BulkAction, State } from "../api/types.ts";

/** States in which an action can be done; `undefined`: in any. */
function statesFor(action: BulkAction, force: boolean): readonly State[] | undefined {
  if (action === "rerun") return undefined;
  return action === "cancel" && force ? ["created", "started"] : ["created"];
}

/**
 * Narrows filters to what an action can be done with, so that no more is counted than it will touch.
 * @returns `undefined` if that is nothing: no states in a filter would be all
 */
export function narrowed(action: BulkAction, filters: ApiFilters, force: boolean): ApiFilters | undefined {
  const allowed = statesFor(action, force);
  if (allowed === undefined) return filters;
  const states = allowed.filter((state) => filters.states === undefined || filters.states.includes(state));
  return states.length === 0 ? undefined : { ...filters, states };
}

/** Names the executions that an action meets. */
export function meetsText(action: BulkAction, count: number, force: boolean): string {
  const noun = count === 1 ? "execution" : "executions";
  if (action === "rerun") return noun;
  return action === "cancel" && force ? `waiting or running ${noun}` : `waiting ${noun}`;
}
