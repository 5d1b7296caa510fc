import { outcomeOf, type Unsuccessful, workerLost } from "./attempt-error.ts";

/** How a task came to its end. */
export type TaskExit =
  | { reason: "out_of_memory" }
  /** Its runner has exited. */
  | { reason: "exit"; code: number }
  /** It never ran, it was killed, or its machine is gone. `why`: what ECS says. */
  | { reason: "lost"; why: string };

/** A process that a signal ended exits with 128 and the signal's number. Source: POSIX shells, and ECS. */
const KILLED = 137;
const TERMINATED = 143;

/** Facts about a stopped task, as ECS tells them. */
export interface TaskEnd {
  exitCode: number | undefined;
  /** About the container. */
  reason: string | undefined;
  /** About the task. */
  stoppedReason: string | undefined;
}

/** Characters of a reason that are kept in a record. */
const MAX_REASON = 1_000;

/** Returns how a task came to its end. */
export function taskExit({ exitCode, reason, stoppedReason }: TaskEnd): TaskExit {
  if (reason?.startsWith("OutOfMemory")) return { reason: "out_of_memory" };
  if (exitCode !== undefined && exitCode !== KILLED && exitCode !== TERMINATED)
    return { reason: "exit", code: exitCode };
  const why = [stoppedReason, reason].filter(Boolean).join("; ") || "it stopped without a reason";
  return { reason: "lost", why: why.slice(0, MAX_REASON) };
}

/** Returns the outcome of an attempt that ran in a task when that ended. */
export function outcomeOfTask(exit: TaskExit): Unsuccessful {
  if (exit.reason === "lost") return workerLost(`its task was lost (${exit.why})`);
  // The runner stores the outcome before it exits with 0.
  if (exit.reason === "exit" && exit.code === 0) return workerLost();
  return outcomeOf(exit);
}

/** Returns what went wrong with a task that ended before it claimed its execution, if something did. */
export function launchFault(exit: TaskExit): string | undefined {
  switch (exit.reason) {
    case "out_of_memory":
      return "its task ran out of memory before the function began";
    case "exit":
      return exit.code === 0
        ? undefined
        : `its task exited with code ${exit.code} before the function began; see its log`;
    case "lost":
      return exit.why;
  }
}
