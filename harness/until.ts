/** Pauses between two looks, in milliseconds: a tenth of what has been waited so far, within these limits. */
const MIN_PAUSE_MS = 25;
const MAX_PAUSE_MS = 100;

/**
 * Reads again and again until `isDone`; returns the last value read. Throws, showing it, when `timeoutMs` have passed:
 * a limit for what never comes, which a slow machine at work on several files does not reach.
 */
export async function until<Value>(
  read: () => Promise<Value> | Value,
  isDone: (value: Value) => boolean,
  timeoutMs = 60_000,
): Promise<Value> {
  const start = Date.now();
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    const waitedMs = Date.now() - start;
    if (waitedMs > timeoutMs) throw new Error(`still not so after ${timeoutMs} ms: ${JSON.stringify(value)}`);
    const pauseMs = Math.min(Math.max(waitedMs / 10, MIN_PAUSE_MS), MAX_PAUSE_MS);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
