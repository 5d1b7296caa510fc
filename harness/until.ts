/** Pauses between two looks, in milliseconds: a fifth of what has been waited so far, within these limits. */
const MIN_PAUSE_MS = 50;
const MAX_PAUSE_MS = 500;

/** The longest pause where a change is told. */
const MAX_UNCHANGED_MS = 1_000;

/**
 * Reads again and again until `isDone`; returns the last value read. Throws, showing it, when `timeoutMs` have passed:
 * a limit for what never comes, which a slow machine at work on several files does not reach.
 * @param changed called before each look; a look follows when its promise resolves
 */
export async function until<Value>(
  read: () => Promise<Value> | Value,
  isDone: (value: Value) => boolean,
  timeoutMs = 120_000,
  changed?: () => Promise<void>,
): Promise<Value> {
  const start = Date.now();
  for (;;) {
    const change = changed?.();
    const value = await read();
    if (isDone(value)) return value;
    const waitedMs = Date.now() - start;
    if (waitedMs > timeoutMs) throw new Error(`still not so after ${timeoutMs} ms: ${JSON.stringify(value)}`);
    const pauseMs = change ? MAX_UNCHANGED_MS : Math.min(Math.max(waitedMs / 5, MIN_PAUSE_MS), MAX_PAUSE_MS);
    const timer = Promise.withResolvers<void>();
    const timeout = setTimeout(timer.resolve, pauseMs);
    await (change ? Promise.race([change, timer.promise]) : timer.promise);
    clearTimeout(timeout);
  }
}
