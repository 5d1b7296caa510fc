import type { Change, Execution } from "../../client/client.ts";
import type { Context } from "../invocation/context.ts";
import { SHORT_FINGERPRINT } from "../invocation/find-fingerprint.ts";
import { between, relative } from "../terminal/moments.ts";
import { printable } from "../terminal/printable.ts";
import { type Column, table } from "../terminal/table.ts";
import { executionColumns, metadataOf, styleOfState } from "./execution-columns.ts";

/** A value is cut to so many characters for people. */
const MAX_SHOWN = 4_000;

const changeColumns: Column<Change>[] = [
  { title: "TIMELINE", text: ({ at }) => at, style: () => "dim" },
  { title: "", text: ({ what }) => what.replaceAll("_", " ") },
  { title: "ATTEMPT", text: ({ attempt }) => attempt, isRight: true },
  { title: "FOR", text: (it) => it.for },
  { title: "CODE", text: (it) => it.error_code },
  { title: "BY", text: ({ by }) => by, isFlexible: true },
];

/** Shows an execution with its input, its outcome, its attempts and its timeline. */
export default async function show(context: Context, [id = ""]: readonly string[]): Promise<void> {
  const { executions } = context.client();
  const execution = await executions.get(id);
  const isAttempt = id.includes(".");
  const [input, outcome, attempts, timeline] = await Promise.all([
    executions.arguments(id),
    executions.result(id),
    isAttempt ? [] : Array.fromAsync(executions.attempts(id)),
    isAttempt ? undefined : executions.timeline(id),
  ]);
  const shown = { execution, arguments: input, ...(outcome !== undefined && { result: outcome }), attempts, timeline };
  context.show(shown, () =>
    [
      ...fields(context, execution),
      "",
      section(context, "arguments", input),
      ...(outcome === undefined ? [] : [outcomeOf(context, execution, outcome)]),
      ...(attempts.length < 2 ? [] : ["", ...table(executionColumns(context.now()), attempts, context.terminal)]),
      ...(timeline === undefined ? [] : ["", ...table(changeColumns, timeline.changes, context.terminal)]),
    ].join("\n"),
  );
}

function fields({ now, terminal: { style } }: Context, execution: Execution): string[] {
  const { state, error_code: code, started_at: started, finished_at: finished } = execution;
  const at = (time: string | undefined) => time && `${time} (${relative(time, now())})`;
  const shown: [string, string | number | undefined][] = [
    ["id", execution.id],
    ["function", execution.function_name],
    ["state", style(styleOfState(state), code === undefined ? state : `${state} ${code}`)],
    ["created", at(execution.created_at)],
    ["due", at(execution.scheduled_at)],
    ["started", at(started)],
    ["finished", finished && `${finished} (ran ${between(started, finished) || "not"})`],
    ["discarded after", at(execution.discard_after)],
    ["attempt", execution.attempt],
    ["compute", execution.compute],
    ["failure", execution.error_fingerprint?.slice(0, SHORT_FINGERPRINT)],
    ["created by", execution.created_by],
    ["parent", execution.executed_by],
    ["re-run of", execution.rerun_of],
    ["schedule", execution.schedule_name],
    ["metadata", metadataOf(execution)],
  ];
  return shown
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${style("dim", name.padEnd(16))}${name === "state" ? value : printable(String(value))}`);
}

// The stack of an error begins with its name and message.
function outcomeOf(context: Context, { state }: Execution, outcome: unknown): string {
  const { stack } = (outcome ?? {}) as { stack?: unknown };
  if (state === "succeed" || typeof stack !== "string") return section(context, "result", outcome);
  return `\n${context.terminal.style("dim", "error")}\n${context.terminal.style("red", printable(stack))}`;
}

function section({ terminal: { style } }: Context, title: string, value: unknown): string {
  const text = JSON.stringify(value, null, 2);
  const more = text.length > MAX_SHOWN ? `\n… ${text.length - MAX_SHOWN} more characters: --json shows all` : "";
  return `${style("dim", title)}\n${printable(text.slice(0, MAX_SHOWN))}${more}`;
}
