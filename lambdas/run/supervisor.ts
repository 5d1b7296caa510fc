import { randomUUID } from "node:crypto";
import { type ExitReason, type Outcome, outcomeOf } from "../core/attempt-error.ts";
import type { Clock } from "../core/ports.ts";
import type { RunResult } from "../flows/finish.ts";
import { AttemptLog, type LogLine } from "./logs.ts";
import type { RunMessage } from "./protocol.ts";
import { UserProcess, type UserProcessOptions } from "./user-process.ts";

/** One attempt, as the user's process is to run it. */
export interface Job extends Omit<RunMessage, "marker"> {
  maxDurationSeconds: number;
  /** Called with every line the attempt writes, as it comes. */
  onLine: (line: LogLine) => void;
}

/** How long the last lines may take to arrive after the function has said that it ended. */
const LAST_LINES_MS = 1_000;

export interface SupervisorOptions extends Omit<UserProcessOptions, "environment"> {
  /** Of the user's process. Another object is another environment: a new process gets it. */
  environment: () => NodeJS.ProcessEnv;
}

/**
 * Runs attempts one after the other in a warm process, and starts another one when that has ended or its environment is
 * no longer what it should be.
 */
export function supervisor({ environment: currentEnvironment, ...options }: SupervisorOptions, clock: Clock) {
  let warm: UserProcess | undefined;
  let warmEnvironment: NodeJS.ProcessEnv | undefined;

  const takeProcess = async (): Promise<UserProcess> => {
    const environment = currentEnvironment();
    if (warm !== undefined && !warm.isOver && environment === warmEnvironment) return warm;
    if (warm !== undefined && !warm.isOver) {
      warm.kill();
      await warm.ended;
    }
    warmEnvironment = environment;
    warm = new UserProcess({ ...options, environment });
    return warm;
  };

  /**
   * Runs the function once and says how it ended, whatever the user's code does. Never rejects for its sake.
   * `stop` ends it as aborted.
   */
  return async function run({ maxDurationSeconds, onLine, ...job }: Job, stop: AbortSignal): Promise<RunResult> {
    const log = new AttemptLog(() => clock.now(), onLine);
    const marker = randomUUID();
    for (let isFirstTry = true; ; isFirstTry = false) {
      const process = await takeProcess();
      const lastLines = process.collectLines(marker, (stream, line) => log.add(stream, line));
      const outcome = await waitForEnd(process, { ...job, marker }, maxDurationSeconds, stop);
      if (outcome.isReusable) {
        await Promise.race([lastLines, clock.sleep(LAST_LINES_MS)]);
      } else {
        // Nothing of what the user's code started may live on into the next attempt.
        process.kill();
        await process.ended;
        // A warm process that dies of the past before it sees the message must not fail what is not its own.
        if (outcome.endedByItself && !process.hasBegun && isFirstTry) continue;
      }
      return { outcome: outcome.value, logs: log.toNdjson() };
    }
  };
}

async function waitForEnd(
  process: UserProcess,
  message: RunMessage,
  maxDurationSeconds: number,
  stop: AbortSignal,
): Promise<{ value: Outcome; isReusable: boolean; endedByItself: boolean }> {
  const stopped = Promise.withResolvers<ExitReason>();
  const timer = setTimeout(
    () => stopped.resolve({ reason: "timeout", seconds: maxDurationSeconds }),
    maxDurationSeconds * 1000,
  );
  const onAbort = () => stopped.resolve({ reason: "aborted" });
  if (stop.aborted) onAbort();
  stop.addEventListener("abort", onAbort);
  const end = await Promise.race([process.call(message), process.ended, stopped.promise]);
  stop.removeEventListener("abort", onAbort);
  clearTimeout(timer);
  if ("outcome" in end) return { value: end.outcome, isReusable: true, endedByItself: false };
  const endedByItself = end.reason !== "timeout" && end.reason !== "aborted";
  return { value: outcomeOf(end), isReusable: false, endedByItself };
}
