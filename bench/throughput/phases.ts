import { type ExecutionId, timeOf } from "../../lambdas/core/ids.ts";

/** The milliseconds of one execution by phase, from its enqueue to its end. */
export interface Phases {
  /** In the API's Lambda: the record written, the message sent. */
  api: number;
  /** From due, which is when it was made, until a runner took it up; the API's part is in it. */
  queue: number;
  /** Until it was this runner's alone. */
  claim: number;
  /** Until the user's code began, in the user's process. */
  begin: number;
  /** Until result, logs and outcome were stored. */
  finish: number;
}

interface Line {
  message: string;
  time: string;
  executionId?: string;
  durationMs?: number;
  latenessMs?: number;
}

/** Reads the phases of executions from the Lambdas' log lines. */
export class ExecutionLogs {
  readonly #answered = new Map<string, number>();
  readonly #started = new Map<string, { lineAtMs: number; latenessMs: number }>();
  readonly #ended = new Map<string, number>();

  /** Takes any line that a Lambda writes. */
  read(text: string): void {
    const line = parsed(text);
    if (line?.executionId === undefined) return;
    const { executionId, durationMs = 0, latenessMs = 0 } = line;
    const lineAtMs = Date.parse(line.time);
    if (line.message === "request answered") {
      // The first is the enqueue's, those after it ask for the result.
      if (!this.#answered.has(executionId)) this.#answered.set(executionId, durationMs);
    } else if (line.message === "attempt started") this.#started.set(executionId, { lineAtMs, latenessMs });
    else if (line.message === "execution ended") this.#ended.set(executionId, lineAtMs);
  }

  hasEnded(executionId: string): boolean {
    return this.#ended.has(executionId);
  }

  /**
   * Returns the phases of an execution that was due at once; `beganAtMs`: when its code began. `undefined` if a line is
   * missing.
   */
  phases(executionId: string, beganAtMs: number): Phases | undefined {
    const api = this.#answered.get(executionId);
    const started = this.#started.get(executionId);
    const endedAtMs = this.#ended.get(executionId);
    if (api === undefined || started === undefined || endedAtMs === undefined) return undefined;
    const startedAtMs = timeOf(executionId as ExecutionId) + started.latenessMs;
    return {
      api,
      queue: started.latenessMs,
      claim: started.lineAtMs - startedAtMs,
      begin: beganAtMs - started.lineAtMs,
      finish: endedAtMs - beganAtMs,
    };
  }
}

// Other lines are whatever somebody wrote.
function parsed(text: string): Line | undefined {
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
