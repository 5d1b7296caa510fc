import { type Log, loggedError } from "./log.ts";

/** Writes a line for each problem with an execution that changes nothing for the caller. */
export function logProblems(log: Log) {
  return (message: string, executionId: string, error: unknown): void =>
    log({ level: "ERROR", message, executionId, error: loggedError(error) });
}
