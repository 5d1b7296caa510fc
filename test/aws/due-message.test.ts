import type { SQSEvent } from "aws-lambda";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Due, encodeDueMessage, messageHandler, Tick } from "../../lambdas/aws/due-message.ts";
import type { DueMessage } from "../../lambdas/core/ports.ts";
import { anId } from "../support/an-execution.ts";

const message: DueMessage = { executionId: anId, revision: 0, functionName: "f", dueAtMs: 1 };
const eventOf = (...bodies: string[]) =>
  ({ Records: bodies.map((body, index) => ({ messageId: `m${index}`, body })) }) as SQSEvent;

describe("a queue of due messages", () => {
  beforeEach(() => {
    vi.spyOn(console, "error").mockReturnValue();
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  it("hands every message over as it was sent", async () => {
    const seen: DueMessage[] = [];
    const handler = messageHandler(Due, async (received) => void seen.push(received));
    expect(await handler(eventOf(encodeDueMessage(message)))).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([message]);
  });

  it("reports only the message that failed", async () => {
    const handler = messageHandler(Due, async ({ revision }) => {
      if (revision === 1) throw new Error("no");
    });
    const bodies = [0, 1, 2].map((revision) => encodeDueMessage({ ...message, revision }));
    expect(await handler(eventOf(...bodies))).toEqual({ batchItemFailures: [{ itemIdentifier: "m1" }] });
  });

  it.each(["", "{}", "[]", '{"executionId":"x"}', JSON.stringify({ ...message, revision: -1 })])(
    "reports what is no message: %s",
    async (body) => {
      const handler = messageHandler(Due, async () => {
        throw new Error("must not be called");
      });
      expect(await handler(eventOf(body))).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }] });
      expect(console.error).not.toHaveBeenCalledWith(expect.stringContaining("must not be called"));
    },
  );
});

it("a tick carries the moment that Scheduler says it is for", () => {
  expect(Tick.parse({ functionName: "f", tick: "2026-11-24T09:00:00Z" })).toEqual({
    functionName: "f",
    tick: Date.UTC(2026, 10, 24, 9),
  });
});
