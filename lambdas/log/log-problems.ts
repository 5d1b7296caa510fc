import { isExecutionId } from "../core/ids.ts";
import { type Log, loggedError } from "./log.ts";

/** Writes a line for each problem with an execution or schedule that changes nothing for the caller. */
export function logProblems(log: Log) {
  return (message: string, subject: string, error: unknown): void => {
    const about = isExecutionId(subject) ? { executionId: subject } : { schedule: subject };
    log({ level: "ERROR", message, ...about, error: loggedError(error) });
  };
}
