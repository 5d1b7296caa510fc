import { EpoqueError, json } from "./errors.ts";
import type { Execution } from "./executions.ts";
import { query } from "./pages.ts";
import { type Call, wait } from "./transport.ts";

/** A line that an attempt wrote. */
export interface LogLine {
  time: string;
  stream: "stdout" | "stderr";
  line: string;
}

const NOT_FINAL = ["created", "started", "aborting"];

/** Reads the lines of an execution's last attempt, or of an attempt: all, or those after the first `after`. */
export async function readLogs(
  call: Call,
  id: string,
  { after = 0, signal }: { after?: number | undefined; signal?: AbortSignal | undefined } = {},
): Promise<LogLine[]> {
  const response = await call(
    "GET",
    `/executions/${encodeURIComponent(id)}/logs${query({ after: after === 0 ? undefined : after })}`,
    { signal },
  );
  const text = await response.text();
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as LogLine);
}

/** Yields what an execution writes from its current attempt on, attempt by attempt, until it has ended. */
export async function* tail(
  call: Call,
  id: string,
  { signal, pollMs = 1_000 }: { signal?: AbortSignal; pollMs?: number },
): AsyncGenerator<LogLine, void> {
  const read = async () => {
    const response = await call("GET", `/executions/${encodeURIComponent(id)}`, { signal });
    return ((await json(response)) as { data: Execution }).data;
  };
  let { attempt } = await read();
  for (let lines = 0; ; ) {
    // Read before its lines are: what has ended by then writes no more.
    const execution = await read();
    const hasEnded = execution.attempt > attempt || !NOT_FINAL.includes(execution.state);
    const more = await readLogs(call, attemptId(id, attempt), { after: lines, signal }).catch(noneYet);
    yield* more;
    lines += more.length;
    if (!hasEnded) await wait(pollMs, signal);
    else if (attempt >= execution.attempt) return;
    else [attempt, lines] = [attempt + 1, 0];
  }
}

// An attempt's own id asks for that attempt alone.
function attemptId(id: string, attempt: number): string {
  return id.includes(".") ? id : `${id}.${attempt}`;
}

// An attempt that has not begun is not found.
function noneYet(error: unknown): LogLine[] {
  if (error instanceof EpoqueError && error.status === 404) return [];
  throw error;
}
