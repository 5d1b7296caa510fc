import { randomUUID } from "node:crypto";
import { type ExitReason, type Outcome, outcomeOf } from "../core/attempt-error.ts";
import type { Clock } from "../core/ports.ts";
import type { RunResult } from "../flows/finish.ts";
import { AttemptLog, type LogLine } from "./logs.ts";
import type { RunMessage } from "./protocol.ts";
import { type AttemptListener, UserProcess, type UserProcessOptions } from "./user-process.ts";

/** One attempt, as the user's process is to run it. */
export interface AttemptToRun extends Omit<RunMessage, "nonce"> {
  /** Counts from the call of the function. */
  maxDurationSeconds: number;
  /** How long the function's module may take to load before that. */
  maxLoadSeconds: number;
  /** However much time is left by these, the attempt ends then. */
  endByMs: number;
  /** Called with every line the attempt writes, as it comes; also with what its code still writes after its end. */
  onLine: (line: LogLine & { late?: true }) => void;
}

/** How long the last lines may take to arrive after the function has said that it ended. */
const LAST_LINES_MS = 1_000;

/** A warm process that has not answered after this long is busy with what an earlier attempt left. */
const ANSWER_MS = 1_000;

export interface SupervisorOptions extends Omit<UserProcessOptions, "environment"> {
  /** Environment of the user's process. Another object is another environment: a new process gets it. */
  environment: () => NodeJS.ProcessEnv;
  /** Gives every attempt a new process. */
  fresh?: boolean;
}

type Conclusion = { ended: Outcome } | { unfit: true } | ExitReason;

/**
 * Runs attempts one after the other in a warm process, and starts another one when that has ended, its environment is
 * no longer what it should be, or an attempt has left something in it that the next one could see.
 */
export function supervisor({ environment: currentEnvironment, fresh, ...options }: SupervisorOptions, clock: Clock) {
  let warm: UserProcess | undefined;
  let warmEnvironment: NodeJS.ProcessEnv | undefined;

  /**
   * Starts a process for the next attempt, unless there is one: it is ready by the time that the attempt is claimed.
   * One that is not used waits for the attempt after.
   */
  const prepare = (): UserProcess => {
    if (warm !== undefined && !warm.isOver) return warm;
    warmEnvironment = currentEnvironment();
    warm = new UserProcess({ ...options, environment: warmEnvironment });
    return warm;
  };

  const takeProcess = async (): Promise<UserProcess> => {
    if (warm !== undefined && (warm.isOver || currentEnvironment() !== warmEnvironment)) await end(warm);
    return prepare();
  };

  /**
   * Runs the function once and says how it ended, whatever the user's code does. Never rejects for its sake.
   * `stop` ends it as aborted; if its reason is "shutdown" or "lost", as one whose worker was lost.
   */
  const run = async (toRun: AttemptToRun, stop: AbortSignal): Promise<RunResult> => {
    for (;;) {
      const process = await takeProcess();
      const isWarm = process.isUsed;
      const attempt = await runIn(process, toRun, stop, clock);
      if (!attempt.isReusable || fresh) await end(process);
      // Nothing of the attempt was done yet: it is not its fault, and a new process never is unfit.
      if (isWarm && attempt.isUnfit) continue;
      const outcome = "ended" in attempt.end ? attempt.end.ended : outcomeOf(attempt.end as ExitReason);
      return { outcome, logs: attempt.logs };
    }
  };

  return { prepare, run };
}

// Nothing of what the user's code started may live on into the next attempt.
async function end(process: UserProcess): Promise<void> {
  process.kill();
  await process.ended;
}

async function runIn(process: UserProcess, toRun: AttemptToRun, stop: AbortSignal, clock: Clock) {
  const { maxDurationSeconds, maxLoadSeconds, endByMs, onLine, ...message } = toRun;
  const log = new AttemptLog(() => clock.now(), onLine);
  const decided = Promise.withResolvers<Conclusion>();
  const lastLine = Promise.withResolvers<void>();
  let hasBegun = false;
  let isOver = false;

  let timer: NodeJS.Timeout | undefined;
  const limit = (ms: number, end: Conclusion) => {
    clearTimeout(timer);
    timer = setTimeout(() => decided.resolve(end), ms);
  };
  const limitSeconds = (seconds: number, reason: "timeout" | "loading") => {
    const allowed = Math.max(0, Math.min(seconds, (endByMs - clock.now()) / 1000));
    limit(allowed * 1000, { reason, seconds: allowed });
  };

  const onMessage = (received: Parameters<AttemptListener["onMessage"]>[0]) => {
    switch (received.type) {
      case "accepted":
        return limitSeconds(maxLoadSeconds, "loading");
      case "declined":
        return decided.resolve({ unfit: true });
      case "begun":
        hasBegun = true;
        return limitSeconds(maxDurationSeconds, "timeout");
      case "ended":
        return decided.resolve({ ended: received.outcome });
      case "late":
        return log.addLate(received.stream, received.text);
    }
  };
  const onAbort = () => decided.resolve({ reason: reasonOf(stop) });
  if (stop.aborted) onAbort();
  stop.addEventListener("abort", onAbort);
  if (process.isUsed) limit(ANSWER_MS, { unfit: true });
  else limitSeconds(maxLoadSeconds, "loading");
  process.start(
    { ...message, nonce: randomUUID() },
    {
      onMessage,
      onLine: (stream, line) => (isOver ? log.addLate(stream, line) : log.add(stream, line)),
      onLastLine: lastLine.resolve,
    },
  );
  const end = await Promise.race([decided.promise, process.ended]);
  clearTimeout(timer);
  stop.removeEventListener("abort", onAbort);
  if ("ended" in end) await Promise.race([lastLine.promise, clock.sleep(LAST_LINES_MS)]);
  else {
    process.kill();
    await process.ended;
  }
  isOver = true;
  const endedByItself = "reason" in end && !["timeout", "loading", "aborted", "lost", "shutdown"].includes(end.reason);
  return {
    // The process knows the attempt on, for what comes late: that must not keep the log.
    logs: log.close(),
    end,
    // A module that failed to load fails for ever; a child process that the function left may be part of its state.
    isReusable: "ended" in end && hasBegun && process.killDescendants() === 0,
    // A warm process that ends before it has begun ends of the past.
    isUnfit: "unfit" in end || (endedByItself && !hasBegun),
  };
}

function reasonOf({ reason }: AbortSignal): "aborted" | "lost" | "shutdown" {
  return reason === "shutdown" || reason === "lost" ? reason : "aborted";
}
