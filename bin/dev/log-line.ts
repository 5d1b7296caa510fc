import { printable } from "../terminal/printable.ts";

/** The fields of a Lambda's log line: a line that user code wrote, or a decision of ours. */
interface Fields {
  line?: string;
  /** Written after its attempt had ended. */
  late?: boolean;
  executionId?: string;
  message?: string;
  level?: string;
  function?: string;
  state?: string;
  reason?: string;
  errorCode?: string;
  durationMs?: number;
  error?: { message?: string; stack?: string };
}

/**
 * Node's own deprecation warnings have codes: they are about its modules, which the user's packages use, not the user.
 */
const NODES_OWN = /^\(node:\d+\) \[DEP\d{4}\] DeprecationWarning: |^\(Use `\S+ --trace-deprecation /;

/**
 * A line of a Lambda's log for the terminal: what user code wrote gets its function and execution in front, and of our
 * own decisions is shown how attempts ended and what went wrong. `undefined`: of no interest here; on AWS it is in the
 * log with all the rest.
 */
export function formatLogLine(functionName: string, line: string): string | undefined {
  const text = describe(functionName, line);
  return text === undefined ? undefined : printable(text);
}

function describe(functionName: string, line: string): string | undefined {
  const fields = parse(line);
  if (NODES_OWN.test(fields?.line ?? line)) return undefined;
  if (fields?.line !== undefined) {
    return `${fields.function} ${fields.executionId} | ${fields.late ? "(after its end) " : ""}${fields.line}`;
  }
  if (fields?.message === undefined) return `${functionName} | ${line}`;
  const { message, executionId, state, reason, errorCode, error, durationMs } = fields;
  if (fields.level === "ERROR") return `${functionName} | ${message}: ${error?.stack ?? error?.message}`;
  // Developers wait for the outcome; the rest is noise.
  if (!/end|failed/.test(message)) return undefined;
  const how = [state === "created" ? message : (state ?? message), errorCode, reason].filter(Boolean).join(", ");
  return `${fields.function} ${executionId} | ${how} (${durationMs} ms)`;
}

function parse(line: string): Fields | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line) as Fields;
  } catch {
    return undefined;
  }
}
