import { outcomeOf } from "../../lambdas/core/attempt-error.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import type { DueMessage } from "../../lambdas/core/ports.ts";
import type { RunResult } from "../../lambdas/flows/finish.ts";
import type { AttemptToRun } from "../../lambdas/run/supervisor.ts";
import type { History } from "./history.ts";
import type { SimulatedProcess } from "./simulated-process.ts";
import type { SimulatedTime } from "./simulated-time.ts";

/** The argument of the simulated user code. */
export interface UserCode {
  /** How long it runs. */
  ms: number;
  /** How many attempts fail before one succeeds. */
  failures?: number;
  /** Length of its result. */
  bytes?: number;
}

/** Runs the simulated user code of an attempt in the process of its worker, and notes when it began and ended. */
export async function runUserCode(
  { time, history, process }: { time: SimulatedTime; history: History; process: SimulatedProcess },
  { functionName }: DueMessage,
  { token, arguments: text }: AttemptToRun,
  stop: AbortSignal,
): Promise<RunResult> {
  const [, id = "", number = ""] = token.split(".");
  const attempt = Number(number);
  // A follow-up has another argument.
  const [{ ms = 100, failures = 0, bytes = 10 } = {}] = JSON.parse(text) as Partial<UserCode>[];
  if (process.diedAtMs !== undefined) return { outcome: { state: "aborted" }, logs: "" };
  const seenAtMs = process.clock.now();
  const begun = { id: id as ExecutionId, functionName, attempt, process, beganAtMs: time.now(), seenAtMs };
  history.begun.push(begun);
  const stopped = new Promise((resolve) => stop.addEventListener("abort", resolve));
  await Promise.race([process.clock.sleep(ms), stopped]);
  Object.assign(begun, { endedAtMs: time.now() });
  if (stop.aborted) return { outcome: outcomeOf({ reason: stop.reason === "lost" ? "lost" : "aborted" }), logs: "" };
  if (attempt > failures) return { outcome: { state: "succeed", result: JSON.stringify("x".repeat(bytes)) }, logs: "" };
  const error = { name: "Error", message: "no", stack: "" };
  return { outcome: { state: "failed", errorCode: "ER0000", error }, logs: "" };
}
