import { describe, expect, it, vi } from "vitest";
import { aCreated, anId, aStarted } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { LEASE_MS } from "../../lambdas/core/limits.ts";
import { watch } from "../../lambdas/flows/watch.ts";

const leased = () => aStarted({ leaseUntilMs: 10_000 + LEASE_MS });

function given() {
  const ports = memoryPorts(10_000);
  ports.executions.records.set(anId, leased());
  const ended = new AbortController();
  const { sleep } = ports.clock;
  return {
    ports,
    ended,
    stop: vi.fn(),
    onRenew: vi.fn(async () => {}),
    /** Lets `happen` do something at each second, and ends the watch at last. */
    atEverySecond(seconds: number, happen: (second: number) => void = () => {}) {
      let second = 0;
      ports.clock.sleep = async (ms) => {
        await sleep(ms);
        happen(++second);
        if (second >= seconds) ended.abort();
      };
    },
  };
}

describe("a watch", () => {
  it("renews the lease as long as the attempt runs, so that nobody takes it for lost", async () => {
    const { ports, ended, stop, onRenew, atEverySecond } = given();
    atEverySecond(600, () => {
      const current = ports.executions.records.get(anId);
      expect(current && "leaseUntilMs" in current && current.leaseUntilMs).toBeGreaterThan(ports.clock.now() + 20_000);
    });
    await watch(ports, leased(), { signal: ended.signal, stop, onRenew });
    expect(stop).not.toHaveBeenCalled();
    // A third of the lease is over every 15 s, or a second later.
    expect(onRenew.mock.calls.length).toBeGreaterThan(35);
    expect(onRenew.mock.calls.length).toBeLessThan(45);
  });

  it.each([
    ["was asked to abort", aStarted({ state: "aborting", version: 1 }), "aborted"],
    ["was taken away and tried again", aStarted({ attempt: 2, version: 3 }), "lost"],
    ["was taken away and waits", aCreated({ attempt: 2, version: 2 }), "lost"],
    ["came too late to renew its lease", aStarted({ leaseUntilMs: 13_000, version: 1 }), "lost"],
  ])("stops an attempt that %s, within a second, and says why", async (_, now, why) => {
    const { ports, ended, stop, onRenew, atEverySecond } = given();
    atEverySecond(10, (second) => second === 3 && ports.executions.records.set(anId, now));
    await watch(ports, leased(), { signal: ended.signal, stop, onRenew });
    expect(stop.mock.calls).toEqual([[why]]);
    expect(ports.clock.now()).toBe(13_000);
  });

  it("tells of an abort that is asked for between its look and its renewal", async () => {
    const { ports, ended, stop, onRenew, atEverySecond } = given();
    const { apply } = ports.executions;
    ports.executions.apply = (transition) => {
      ports.executions.apply = apply;
      ports.executions.records.set(anId, { ...leased(), state: "aborting", version: 1 });
      return apply(transition);
    };
    atEverySecond(60);
    await watch(ports, leased(), { signal: ended.signal, stop, onRenew });
    expect(stop.mock.calls).toEqual([["aborted"]]);
  });

  it("gets over looks that fail, and stops when the lease ends before one succeeds", async () => {
    const { ports, ended, stop, onRenew, atEverySecond } = given();
    ports.executions.get = () => Promise.reject(new Error("throttled"));
    atEverySecond(100);
    await watch(ports, leased(), { signal: ended.signal, stop, onRenew });
    expect(stop.mock.calls).toEqual([["lost"]]);
    expect(ports.clock.now()).toBe(10_000 + LEASE_MS);
  });

  it("ends with the attempt", async () => {
    const { ports, ended, stop, onRenew } = given();
    ended.abort();
    await watch(ports, leased(), { signal: ended.signal, stop, onRenew });
    expect(ports.clock.now()).toBe(10_000);
  });
});
