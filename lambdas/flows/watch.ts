import type { Running } from "../core/execution.ts";
import type { Clock, Executions } from "../core/ports.ts";

/** How often a running attempt looks whether it is to stop. */
const EVERY_MS = 1_000;

/**
 * Looks every second whether `execution` still is to run, until `signal` says that it has ended. Calls `stop` once when
 * somebody asked for its abort, or when the execution is not this worker's any more.
 */
export async function watch(
  ports: { executions: Executions; clock: Clock },
  execution: Running,
  signal: AbortSignal,
  stop: () => void,
): Promise<void> {
  while (!signal.aborted) {
    await ports.clock.sleep(EVERY_MS);
    if (signal.aborted) return;
    // One look that fails is made up for by the next.
    const current = await ports.executions.get(execution.id).catch(() => execution);
    if (current?.state !== "started" || current.attempt !== execution.attempt) return stop();
  }
}
