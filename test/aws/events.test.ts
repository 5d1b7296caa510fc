import type { EventBridgeClient, PutEventsCommandOutput } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { publishing, publishingBy } from "../../lambdas/aws/events.ts";
import { putEventOn } from "../../lambdas/aws/put-event.ts";
import type { Transition } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";
import type { LogEntry } from "../../lambdas/log/log.ts";
import { aCreated } from "../support/an-execution.ts";
import { memoryExecutions } from "../support/memory-executions.ts";

function setUp(putEvent?: () => Promise<void>) {
  const events: { atMs: number; detail: object }[] = [];
  const entries: { entry: LogEntry; metrics: object | undefined }[] = [];
  const executions = publishingBy(
    memoryExecutions(),
    (entry, metrics) => entries.push({ entry, metrics }),
    putEvent ??
      (async (atMs, detail) => {
        events.push({ atMs, detail });
      }),
  );
  return { events, entries, executions };
}

const secret = aCreated({ arguments: { inline: '["secret"]' }, tokenSeed: "secret", metadata: { user: "7" } });
const start = next(secret, { type: "start", revision: 0, leaseMs: 1_000 }, 12_000) as Transition;

describe("executions that publish what becomes of them", () => {
  it("tell of each change who, from what and to what, and never arguments or tokens", async () => {
    const { executions, events } = setUp();
    await executions.create(secret);
    await executions.apply(start);
    expect(events).toEqual([
      { atMs: 1_000, detail: expect.objectContaining({ id: secret.id, state: "created", version: 0 }) as unknown },
      {
        atMs: 12_000,
        detail: {
          id: secret.id,
          function_name: "importContacts",
          function_id: secret.functionId,
          state: "started",
          previous_state: "created",
          attempt: 1,
          revision: 0,
          version: 1,
          metadata: { user: "7" },
          created_at: "1970-01-01T00:00:01.000Z",
          updated_at: "1970-01-01T00:00:12.000Z",
          scheduled_at: "1970-01-01T00:00:10.000Z",
          started_at: "1970-01-01T00:00:12.000Z",
        },
      },
    ]);
    expect(events[0]?.detail).not.toHaveProperty("previous_state");
    expect(JSON.stringify(events)).not.toContain("secret");
  });

  it("tell nothing of what was not written", async () => {
    const { executions, events } = setUp();
    expect(await executions.apply(start)).toBe("lost");
    await executions.create(secret);
    expect(await executions.create(secret)).toBe("exists");
    expect(events).toHaveLength(1);
  });

  it("go on when nobody can be told, and say so in the log", async () => {
    const { executions, entries } = setUp(async () => {
      throw new Error("EventBridge: away");
    });
    expect(await executions.create(secret)).toBe("created");
    expect(await executions.apply(start)).toBe("applied");
    expect(entries).toHaveLength(2);
    expect(entries[1]).toMatchObject({
      entry: { level: "ERROR", message: "event not published", executionId: secret.id, state: "started" },
      metrics: { unpublished: 1 },
    });
  });

  it("are as they were where there is no bus", () => {
    const executions = memoryExecutions();
    expect(publishing(executions, undefined, () => {})).toBe(executions);
  });
});

describe("an event that EventBridge answers 200 to", () => {
  const answered = (answer: Partial<PutEventsCommandOutput>) => {
    const client = { send: async () => answer } as unknown as EventBridgeClient;
    return putEventOn("bus", client)(0, {});
  };

  it("is on the bus if it was given an id, and else it is not", async () => {
    await answered({ FailedEntryCount: 0, Entries: [{ EventId: "1" }] });
    const refused = answered({
      FailedEntryCount: 1,
      Entries: [{ ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" }],
    });
    await expect(refused).rejects.toThrow("EventBridge: ThrottlingException Rate exceeded");
  });
});
