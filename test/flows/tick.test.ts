import { describe, expect, it } from "vitest";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { functionId, timeOf } from "../../lambdas/core/ids.ts";
import { tick } from "../../lambdas/flows/tick.ts";

const tickMs = 60_000;

describe("a tick", () => {
  it("makes one execution, however often and by whomever it is delivered", async () => {
    const ports = memoryPorts(70_000);
    await Promise.all([1, 2, 3].map(() => tick(ports, { functionName: "importContacts", tickMs })));
    ports.clock.advance(30_000);
    await tick(ports, { functionName: "importContacts", tickMs });
    const [execution, ...others] = ports.executions.records.values();
    expect(others).toEqual([]);
    expect(execution).toMatchObject({ state: "created", scheduledAtMs: tickMs, arguments: { inline: "[]" } });
    expect(timeOf(execution?.id as Parameters<typeof timeOf>[0])).toBe(tickMs);
    expect(ports.dispatcher.sent.length).toBeGreaterThan(0);
  });

  it("of another minute or another function is another one", async () => {
    const ports = memoryPorts(130_000);
    await tick(ports, { functionName: "importContacts", tickMs });
    await tick(ports, { functionName: "importContacts", tickMs: tickMs + 60_000 });
    await tick(ports, { functionName: "oneByOne", tickMs });
    expect(ports.executions.records.size).toBe(3);
  });

  it("that was written and not sent before its writer died is sent by the next delivery", async () => {
    const ports = memoryPorts(70_000);
    const { toFunction } = ports.dispatcher;
    ports.dispatcher.toFunction = () => Promise.reject(new Error("killed"));
    await expect(tick(ports, { functionName: "importContacts", tickMs })).rejects.toThrow("killed");
    ports.dispatcher.toFunction = toFunction;
    await tick(ports, { functionName: "importContacts", tickMs });
    expect(ports.dispatcher.sent).toMatchObject([{ message: { scheduledAtMs: tickMs } }]);
  });

  it("of a function that is not deployed is refused", async () => {
    await expect(tick(memoryPorts(), { functionName: functionId("x"), tickMs })).rejects.toThrow(
      "cannot find function",
    );
  });
});
