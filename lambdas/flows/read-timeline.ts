import type { Execution } from "../core/execution.ts";
import type { ExecutionReference } from "../core/ids.ts";
import { type FindPorts, find } from "./find.ts";
import { type ListPorts, listExecutions } from "./list-executions.ts";

export interface Timeline {
  execution: Execution;
  /** The first ones that it enqueued, or that were enqueued because it ended. */
  children: readonly Execution[];
  /** Its first re-runs. */
  reruns: readonly Execution[];
}

/** The first ones of each list, oldest first. */
const FIRST = { direction: "oldestFirst", limit: 50, cursor: undefined } as const;

/**
 * Reads an execution, and what has come of it. The changes are in its record.
 * @throws DomainError `not_found`
 */
export async function readTimeline(
  ports: FindPorts & ListPorts,
  { executionId: id }: ExecutionReference,
): Promise<Timeline> {
  const [execution, children, reruns] = await Promise.all([
    find(ports, { executionId: id }),
    listExecutions(ports, { executedBy: id }, FIRST),
    listExecutions(ports, { rerunOf: id }, FIRST),
  ]);
  // Pages are newest first.
  return { execution, children: children.items.toReversed(), reruns: reruns.items.toReversed() };
}
