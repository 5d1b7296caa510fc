import type { Execution, State } from "../../client/client.ts";
import { between, relative } from "../terminal/moments.ts";
import type { Column } from "../terminal/table.ts";
import type { Style } from "../terminal/terminal.ts";

const STYLES: Record<State, Style> = {
  created: "reset",
  started: "cyan",
  aborting: "yellow",
  succeed: "green",
  failed: "red",
  cancelled: "dim",
  aborted: "yellow",
  discarded: "yellow",
};

/** Returns the colour that a state has everywhere. */
export function styleOfState(state: State): Style {
  return STYLES[state];
}

/** Columns of a list of executions, or of attempts. */
export function executionColumns(nowMs: number): Column<Execution>[] {
  return [
    { title: "ID", text: ({ id }) => id },
    { title: "FUNCTION", text: (it) => it.function_name, isFlexible: true },
    { title: "STATE", text: stateOf, style: ({ state }) => styleOfState(state) },
    { title: "DUE", text: (it) => relative(it.scheduled_at, nowMs), isRight: true },
    { title: "RAN", text: (it) => between(it.started_at, it.finished_at), isRight: true },
    { title: "ATTEMPT", text: ({ attempt }) => (attempt > 1 ? attempt : undefined), isRight: true },
    { title: "METADATA", text: metadataOf, style: () => "dim", isFlexible: true },
  ];
}

/** Returns the metadata of an execution in one line. */
export function metadataOf({ metadata }: Pick<Execution, "metadata">): string {
  return Object.entries(metadata)
    .map(([key, value]) => `${key}=${value}`)
    .join(" ");
}

function stateOf({ state, error_code: code }: Execution): string {
  return code === undefined ? state : `${state} ${code}`;
}
