import { describe, expect, it } from "vitest";
import type { Execution } from "../../lambdas/core/execution.ts";
import { createSystem, type System } from "./system.ts";

const SECOND = 1_000;

/** The last ones are due further ahead than queues reach. */
const AT_ONCE = 4_500;

const startsOf = ({ history }: System, isWanted: (execution: Execution) => boolean): number[] =>
  [...history.versions.values()]
    .map((versions) => versions.find(({ state }) => state === "started"))
    .filter((started) => started !== undefined && isWanted(started))
    .map((started) => (started && "startedAtMs" in started ? Number(started.startedAtMs) : Number.NaN));

describe("a thousand executions of one customer", () => {
  it("hold up another customer's no longer than one slot's time", async () => {
    const system = createSystem();
    const code = { ms: 2 * SECOND };
    const of = (customer: string) => ({ metadata: { customer } });
    for (let count = 0; count < 1_000; count++) void system.enqueue("perCustomer", code, of("acme"));
    await system.wait(10 * SECOND);
    const askedAtMs = system.time.now();
    void system.enqueue("perCustomer", code, of("globex"));
    await system.wait(2 * SECOND);
    const [startedAtMs = Infinity] = startsOf(system, ({ metadata }) => metadata["customer"] === "globex");
    expect(startedAtMs - askedAtMs).toBeLessThan(2 * SECOND);
  });
});

describe("thousands of executions at once above a rate", () => {
  it("start at the pace of the rate, and each is looked at a few times only", async () => {
    const system = createSystem();
    for (let count = 0; count < AT_ONCE; count++) void system.enqueue("fourASecond", { ms: 10 });
    await system.settle(3_600 * SECOND);
    const starts = startsOf(system, () => true).sort((a, b) => a - b);
    expect(starts).toHaveLength(AT_ONCE);
    // Four a second, two at once; messages are delayed by whole seconds and wait the rest.
    for (let index = 0; index + 6 < starts.length; index++) {
      expect((starts[index + 6] ?? 0) - (starts[index] ?? 0)).toBeGreaterThanOrEqual(SECOND - 250);
    }
    const begunAtMs = starts[0] ?? 0;
    const lateMs = starts.map((ms, index) => ms - (begunAtMs + Math.max(0, index - 1) * 250));
    expect(Math.max(...lateMs)).toBeLessThan(2 * SECOND);
    // Created, reserved, started, ended: nothing polls.
    const writes = [...system.history.versions.values()].map((versions) => versions.length);
    expect(Math.max(...writes)).toBeLessThanOrEqual(4);
  });
});
