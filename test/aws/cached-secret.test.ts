import { describe, expect, it, vi } from "vitest";
import { steppedClock } from "../../harness/memory/memory-ports.ts";
import { cachedSecret } from "../../lambdas/aws/cached-secret.ts";

const MINUTE_MS = 60_000;

/** A secret whose readings are settled by hand, or at once with `answers`. */
function given() {
  const clock = steppedClock(0);
  const readings: PromiseWithResolvers<string>[] = [];
  const get = cachedSecret(() => {
    const reading = Promise.withResolvers<string>();
    readings.push(reading);
    return reading.promise;
  }, clock);
  return { clock, get, readings };
}

async function known(value = "one") {
  const secret = given();
  const first = secret.get();
  secret.readings[0]?.resolve(value);
  await first;
  return secret;
}

describe("a cached secret", () => {
  it("is read once, however many ask for it at a time", async () => {
    const { get, readings } = given();
    const asked = [get(), get(0)];
    expect(readings).toHaveLength(1);
    readings[0]?.resolve("one");
    expect(await Promise.all(asked)).toEqual(["one", "one"]);
  });

  it("is returned at once when it is old, and read again behind that", async () => {
    const { clock, get, readings } = await known();
    clock.advance(5 * MINUTE_MS + 1);
    // No answer comes from the service.
    expect(await get()).toBe("one");
    expect(await get()).toBe("one");
    expect(readings).toHaveLength(2);
    readings[1]?.resolve("two");
    await vi.waitFor(async () => expect(await get()).toBe("two"));
  });

  it("stays what it was while it cannot be read, and is tried twice a minute", async () => {
    const { clock, get, readings } = await known();
    clock.advance(60 * MINUTE_MS);
    await get();
    readings[1]?.reject(new Error("away"));
    await new Promise(setImmediate);
    clock.advance(29_999);
    expect(await get()).toBe("one");
    expect(readings).toHaveLength(2);
    clock.advance(1);
    expect(await get()).toBe("one");
    expect(readings).toHaveLength(3);
  });

  it("makes callers wait who need a fresh one, at most every ten seconds", async () => {
    const { clock, get, readings } = await known();
    expect(await get(0)).toBe("one");
    clock.advance(10_001);
    const fresh = get(0);
    readings[1]?.resolve("two");
    expect(await fresh).toBe("two");
    clock.advance(10_001);
    const failing = get(0);
    readings[2]?.reject(new Error("away"));
    expect(await failing).toBe("two");
    expect(await get(0)).toBe("two");
    expect(readings).toHaveLength(3);
  });

  it("that could never be read fails at once for 30 seconds, and is then tried again", async () => {
    const { clock, get, readings } = given();
    const first = get();
    readings[0]?.reject(new Error("away"));
    await expect(first).rejects.toThrow("away");
    await expect(get()).rejects.toThrow("away");
    clock.advance(29_999);
    await expect(get(0)).rejects.toThrow("away");
    expect(readings).toHaveLength(1);
    clock.advance(1);
    const again = get();
    readings[1]?.resolve("one");
    expect(await again).toBe("one");
  });
});
