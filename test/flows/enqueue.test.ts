import { describe, expect, it, vi } from "vitest";
import { anId } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { enqueue } from "../../lambdas/flows/enqueue.ts";

const input = { functionName: "importContacts", arguments: "[1]", metadata: {} };

describe("an enqueue", () => {
  it("writes the execution and sends it on its way", async () => {
    const ports = memoryPorts(10_000);
    const execution = await enqueue(ports, { ...input, metadata: { user: "1" } });
    expect(await ports.executions.get(execution.id)).toEqual(execution);
    expect(execution).toMatchObject({
      state: "created",
      functionName: "importContacts",
      functionId: functionId("importContacts"),
      revision: 0,
      attempt: 1,
      scheduledAtMs: 10_000,
      metadata: { user: "1" },
      arguments: { inline: "[1]" },
    });
    expect(ports.dispatcher.sent).toEqual([
      {
        to: "function",
        delaySeconds: 0,
        message: { executionId: execution.id, revision: 0, functionName: "importContacts", scheduledAtMs: 10_000 },
      },
    ]);
  });

  it("looks its function up once", async () => {
    const ports = memoryPorts(10_000);
    const get = vi.spyOn(ports.functions, "get");
    await enqueue(ports, input);
    expect(get.mock.calls).toEqual([["importContacts"]]);
  });

  it("keeps a time in the past as it was asked, and is due now", async () => {
    const ports = memoryPorts(10_000);
    const execution = await enqueue(ports, { ...input, scheduledAtMs: 5_000 });
    expect(execution.scheduledAtMs).toBe(5_000);
    expect(ports.dispatcher.sent[0]?.delaySeconds).toBe(0);
  });

  it("is to start within its function's start timeout, unless the caller says when", async () => {
    const ports = memoryPorts(10_000);
    const deployed = ports.functions.get("importContacts") ?? expect.unreachable();
    const functions = new Map([["importContacts", { ...deployed, startTimeoutSeconds: 60 }]]);
    const limited = { ...ports, functions };
    expect(await enqueue(limited, input)).toMatchObject({ discardAfterMs: 70_000, startTimeoutMs: 60_000 });
    expect(await enqueue(limited, { ...input, scheduledAtMs: 50_000 })).toHaveProperty("discardAfterMs", 110_000);
    expect(await enqueue(limited, { ...input, scheduledAtMs: 1 })).toHaveProperty("discardAfterMs", 70_000);
    const given = await enqueue(limited, { ...input, discardAfterMs: 99_000 });
    expect(given).toHaveProperty("discardAfterMs", 99_000);
    expect(given).not.toHaveProperty("startTimeoutMs");
    expect(await enqueue(ports, input)).not.toHaveProperty("discardAfterMs");
  });

  it("ahead of time is held back by the queue", async () => {
    const ports = memoryPorts(10_000);
    await enqueue(ports, { ...input, scheduledAtMs: 70_400 });
    expect(ports.dispatcher.sent).toMatchObject([{ to: "function", delaySeconds: 60 }]);
  });

  it("ahead of time of a FIFO function is held back by the fire queue", async () => {
    const ports = memoryPorts(10_000);
    await enqueue(ports, { ...input, functionName: "oneByOne", scheduledAtMs: 70_400 });
    expect(ports.dispatcher.sent).toMatchObject([{ to: "fire", delaySeconds: 60 }]);
  });

  it("further ahead than queues reach is with the timer until two minutes before", async () => {
    const ports = memoryPorts(10_000);
    const { id } = await enqueue(ports, { ...input, scheduledAtMs: 3_610_000 });
    expect(ports.dispatcher.sent).toMatchObject([{ to: "timer", atMs: 3_490_000, message: { executionId: id } }]);
  });

  it.each([["of an unknown function", { functionName: "nope" }, 'cannot find function "nope"']])(
    "%s is refused and writes nothing",
    async (_, changes, message) => {
      const ports = memoryPorts(10_000);
      await expect(enqueue(ports, { ...input, ...changes })).rejects.toThrow(message);
      expect(ports.executions.records.size).toBe(0);
      expect(ports.payloads.objects.size).toBe(0);
      expect(ports.dispatcher.sent).toEqual([]);
    },
  );

  it("keeps large arguments apart from the record", async () => {
    const ports = memoryPorts();
    const large = JSON.stringify(["x".repeat(5_000)]);
    const execution = await enqueue(ports, { ...input, arguments: large });
    expect(execution.arguments).toEqual({ bytes: large.length });
    expect(ports.payloads.objects.get(`arguments/importContacts/${execution.id}.json`)).toBe(large);
  });
});

describe("an idempotency key", () => {
  it("gives the first execution to the same request, however often it comes", async () => {
    const ports = memoryPorts(10_000);
    const first = await enqueue(ports, input, "key");
    ports.clock.advance(5_000);
    expect(await enqueue(ports, { ...input, metadata: {} }, "key")).toEqual(first);
    expect(ports.executions.records.size).toBe(1);
  });

  it("makes one execution of requests that come at once", async () => {
    const ports = memoryPorts(10_000);
    const all = await Promise.all(Array.from({ length: 10 }, () => enqueue(ports, input, "key")));
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
    expect(ports.executions.records.size).toBe(1);
  });

  it.each([
    ["arguments", { arguments: "[2]" }],
    ["function", { functionName: "oneByOne" }],
    ["metadata", { metadata: { user: "1" } }],
    ["time", { scheduledAtMs: 11_000 }],
    ["caller", { parent: { id: anId, root: anId } }],
  ])("refuses another %s", async (_, changes) => {
    const ports = memoryPorts(10_000);
    await enqueue(ports, input, "key");
    await expect(enqueue(ports, { ...input, ...changes }, "key")).rejects.toMatchObject({ kind: "conflict" });
    expect(ports.executions.records.size).toBe(1);
  });

  it("goes on where a request died before its execution was written", async () => {
    const ports = memoryPorts(10_000);
    const { create } = ports.executions;
    ports.executions.create = () => Promise.reject(new Error("killed"));
    await expect(enqueue(ports, input, "key")).rejects.toThrow("killed");
    ports.executions.create = create;
    ports.clock.advance(5_000);
    const execution = await enqueue(ports, input, "key");
    expect(execution).toMatchObject({ createdAtMs: 10_000, scheduledAtMs: 10_000 });
    expect(ports.dispatcher.sent).toHaveLength(1);
  });

  it("sends on its way what a request wrote before it died", async () => {
    const ports = memoryPorts(10_000);
    // It died after this.
    const { id } = await enqueue(ports, input, "key");
    ports.dispatcher.sent.length = 0;
    expect(await enqueue(ports, input, "key")).toMatchObject({ id });
    expect(ports.dispatcher.sent).toMatchObject([{ message: { executionId: id } }]);
  });
});
