import type { Clock } from "../core/ports.ts";

/** Secrets are read again after this long, in order to see a rotation. */
const CACHE_MS = 5 * 60_000;

/** The least age of a value at which it is read again on demand: wrong tokens must not cause a read each. */
const FRESHEST_MS = 10_000;

/** How long a failure to read is remembered. Callers fail at once meanwhile, or get the value that is known. */
const FAILURE_MS = 30_000;

/**
 * Keeps what `read` returns. A value older than five minutes is returned at once and read again in the background, so
 * nobody waits for Secrets Manager once a value is known. With `maxAgeMs` an older value (than that, and than ten
 * seconds) is read again first; the known one is returned if that fails.
 *
 * Rejects only while there is no value yet, for 30 seconds after a failure without trying.
 */
export function cachedSecret<Value>(read: () => Promise<Value>, clock: Clock): (maxAgeMs?: number) => Promise<Value> {
  let known: { value: Value; readAtMs: number } | undefined;
  let failure: { error: unknown; atMs: number } | undefined;
  let reading: Promise<Value> | undefined;

  const readOnce = async () => {
    const readAtMs = clock.now();
    try {
      known = { value: await read(), readAtMs };
      failure = undefined;
      return known.value;
    } catch (error) {
      failure = { error, atMs: clock.now() };
      throw error;
    } finally {
      reading = undefined;
    }
  };
  const refresh = async () => {
    if (failure !== undefined && clock.now() - failure.atMs < FAILURE_MS) throw failure.error;
    reading ??= readOnce();
    return reading;
  };

  return async (maxAgeMs) => {
    if (known === undefined) return refresh();
    const { value, readAtMs } = known;
    const ageMs = clock.now() - readAtMs;
    if (maxAgeMs !== undefined && ageMs > Math.max(maxAgeMs, FRESHEST_MS)) return refresh().catch(() => value);
    if (ageMs > CACHE_MS) refresh().catch(() => {});
    return value;
  };
}
