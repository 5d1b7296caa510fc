import type { Subject } from "../core/subject.ts";
import { type Log, loggedError } from "./log.ts";

/** Writes an error line for each problem, with what it is about, and the request if it is known. */
export function logProblems(log: Log, requestId?: string) {
  return (message: string, subject: Subject | undefined, error: unknown): void =>
    log({ level: "ERROR", message, requestId, ...subject, error: loggedError(error) });
}
