import type { DueMessage } from "../core/ports.ts";

/** How long a task goes on with what is parked in its lane: a deployment reaches what starts after that. */
const TAKES_OVER_MS = 15 * 60_000;

export interface LaneWorkOptions {
  now: () => number;
  /** Whether the machine is to go away. */
  isStopping: () => boolean;
}

/** The work of a task: the execution that it was launched for, and then what is parked in the same lane. */
export function laneWork({ now, isStopping }: LaneWorkOptions) {
  const startedAtMs = now();
  let next: DueMessage | undefined;
  return {
    /** Keeps a message that was handed a slot for this task, unless it has one or is about to end. */
    takeOver(message: DueMessage): boolean {
      if (next !== undefined || isStopping() || now() - startedAtMs > TAKES_OVER_MS) return false;
      next = message;
      return true;
    },

    /** Runs `first`, and each message that is taken over meanwhile. */
    async runAll(first: DueMessage, run: (message: DueMessage) => Promise<void>): Promise<void> {
      for (let message: DueMessage | undefined = first; message !== undefined; message = next) {
        next = undefined;
        await run(message);
      }
    },
  };
}
