/** Reads again and again until `isDone`; the last value read. Throws, showing it, when `timeoutMs` have passed. */
export async function until<Value>(
  read: () => Promise<Value> | Value,
  isDone: (value: Value) => boolean,
  timeoutMs = 20_000,
): Promise<Value> {
  const end = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    if (Date.now() > end) throw new Error(`still not so after ${timeoutMs} ms: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
