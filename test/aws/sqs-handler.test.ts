import { SQSClient } from "@aws-sdk/client-sqs";
import type { SQSEvent } from "aws-lambda";
import { describe, expect, it } from "vitest";
import type * as z from "zod/mini";
import { anId } from "../../harness/an-execution.ts";
import { encodeDueMessage } from "../../lambdas/aws/encode-due-message.ts";
import { CronTick, Due, FollowUp, JobStep, messageHandler, ScheduleTick } from "../../lambdas/aws/sqs-handler.ts";
import { TaskStateChange } from "../../lambdas/aws/stopped-task.ts";
import { LAUNCH_VARIABLE, launchText } from "../../lambdas/aws/task-launch.ts";
import { DomainError, unknownFunction } from "../../lambdas/core/errors.ts";
import type { DueMessage } from "../../lambdas/core/ports.ts";
import type { LogEntry } from "../../lambdas/log/log.ts";

const message: DueMessage = { executionId: anId, revision: 0, functionName: "f", scheduledAtMs: 1 };
const eventOf = (...bodies: string[]) => receivedOften(3, ...bodies);
const receivedOften = (receives: number, ...bodies: string[]) =>
  ({
    Records: bodies.map((body, index) => ({
      messageId: `m${index}`,
      body,
      receiptHandle: `r${index}`,
      eventSourceARN: "arn:aws:sqs:eu-west-1:1:queue",
      attributes: { ApproximateReceiveCount: String(receives) },
    })),
  }) as unknown as SQSEvent;
const context = { getRemainingTimeInMillis: () => 60_000, awsRequestId: "r" };

/** Remembers how long messages are hidden from others, and what was noted of them. */
function aQueue() {
  const hidden: Record<string, number> = {};
  const sqs = new SQSClient({ region: "eu-west-1" });
  sqs.send = async ({ input }: { input: { ReceiptHandle: string; VisibilityTimeout: number } }) => {
    hidden[input.ReceiptHandle] = input.VisibilityTimeout;
  };
  const noted: LogEntry[] = [];
  return { sqs, hidden, noted, ports: { sqs, log: (entry: LogEntry) => void noted.push(entry) } };
}

describe("a queue of due messages", () => {
  it("hands every message over as it was sent", async () => {
    const seen: DueMessage[] = [];
    const handler = messageHandler(Due, aQueue().ports, async (received) => void seen.push(received));
    expect(await handler(eventOf(encodeDueMessage(message)), context)).toEqual({ batchItemFailures: [] });
    expect(seen).toEqual([message]);
  });

  it("hands over the messages of a batch at once, so that one that waits holds up no other", async () => {
    const { promise: second, resolve } = Promise.withResolvers<void>();
    const handler = messageHandler(Due, aQueue().ports, async ({ revision }) => (revision === 0 ? second : resolve()));
    const bodies = [0, 1].map((revision) => encodeDueMessage({ ...message, revision }));
    expect(await handler(eventOf(...bodies), context)).toEqual({ batchItemFailures: [] });
  });

  it("reports only the message that failed", async () => {
    const handler = messageHandler(Due, aQueue().ports, async ({ revision }) => {
      if (revision === 1) throw new Error("no");
    });
    const bodies = [0, 1, 2].map((revision) => encodeDueMessage({ ...message, revision }));
    expect(await handler(eventOf(...bodies), context)).toEqual({ batchItemFailures: [{ itemIdentifier: "m1" }] });
  });

  it("says in the log whose message failed, and nothing else that is in it", async () => {
    const { ports, noted } = aQueue();
    const handler = messageHandler(Due, ports, () => Promise.reject(new Error("no")));
    await handler(eventOf(encodeDueMessage(message), "secret"), context);
    expect(noted.toSorted((a, b) => (a.messageId ?? "").localeCompare(b.messageId ?? ""))).toMatchObject([
      { executionId: anId, function: "f", messageId: "m0", requestId: "r", error: { message: "no" } },
      { messageId: "m1" },
    ]);
    expect(JSON.stringify(noted)).not.toContain("secret");
  });

  const launch = { executionId: anId, revision: 0, functionName: "f", number: 1 };
  const stoppedTask = {
    source: "aws.ecs",
    detail: {
      taskArn: "task",
      lastStatus: "STOPPED",
      overrides: { containerOverrides: [{ environment: [{ name: LAUNCH_VARIABLE, value: launchText(launch) }] }] },
    },
  };
  const tick = { schedule: "reports", scheduleId: anId, revision: 0, functionId: anId, tickMs: 1 };
  it.each([
    ["the end", FollowUp, { endedId: anId, attempt: 1, looks: 0 }, { executionId: anId }],
    ["a cron's tick", CronTick, { functionName: "f", tick: "2030-01-01T00:00:00Z" }, { function: "f" }],
    [
      "a schedule's tick",
      ScheduleTick,
      { ...tick, ticks: { rule: { everySeconds: 60, anchorMs: 0 } } },
      { schedule: "reports" },
    ],
    ["a job's step", JobStep, { jobId: anId, step: 3 }, { job: anId }],
    ["a task's end", TaskStateChange, stoppedTask, { executionId: anId, function: "f" }],
  ])("says in the log whose message failed where it is %s", async (_, schema: z.ZodMiniType<object>, sent, subject) => {
    const { ports, noted } = aQueue();
    const handler = messageHandler(schema, ports, () => Promise.reject(new Error("no")));
    await handler(eventOf(JSON.stringify(sent)), context);
    const { executionId, function: name, schedule, job, messageId } = noted[0] ?? expect.unreachable();
    expect({ executionId, function: name, schedule, job, messageId }).toEqual({ ...subject, messageId: "m0" });
  });

  it.each(["not json", '{"executionId":1}'])("says that a task's end failed whose launch is %s", async (text) => {
    const { ports, noted } = aQueue();
    const overrides = { containerOverrides: [{ environment: [{ name: LAUNCH_VARIABLE, value: text }] }] };
    const body = { ...stoppedTask, detail: { ...stoppedTask.detail, overrides } };
    const handler = messageHandler(TaskStateChange, ports, async () => {});
    expect(await handler(eventOf(JSON.stringify(body)), context)).toEqual({
      batchItemFailures: [{ itemIdentifier: "m0" }],
    });
    expect(await handler(receivedOften(30, JSON.stringify(body)), context)).toEqual({ batchItemFailures: [] });
    expect(noted).toMatchObject([
      { level: "ERROR", messageId: "m0" },
      { message: "message given up", messageId: "m0" },
    ]);
  });

  it("brings back what failed in seconds, not when the visibility timeout ends", async () => {
    const { ports, hidden } = aQueue();
    const handler = messageHandler(Due, ports, () => Promise.reject(new Error("no")));
    await handler(eventOf(encodeDueMessage(message)), context);
    expect(hidden).toEqual({ r0: 8 });
  });

  it("brings back at once what was put aside before, where it holds up others", async () => {
    const { ports, hidden } = aQueue();
    const handler = messageHandler(Due, ports, () => Promise.reject(new Error("no")));
    const bodies = [message, { ...message, wasPutAside: true as const }].map(encodeDueMessage);
    const standard = eventOf(...bodies);
    const fifo = standard.Records.map((it) => ({ ...it, eventSourceARN: `${it.eventSourceARN}.fifo` }));
    await handler({ Records: fifo }, context);
    expect(hidden).toEqual({ r0: 8, r1: 1 });
    await handler(standard, context);
    expect(hidden).toEqual({ r0: 8, r1: 8 });
  });

  it("lets who processes a message keep it, and know its deadline", async () => {
    const { ports, hidden } = aQueue();
    const handler = messageHandler(Due, ports, async (_, { hold, deadlineMs }) => {
      await hold(90);
      expect(deadlineMs - Date.now()).toBeGreaterThan(59_000);
    });
    expect(await handler(eventOf(encodeDueMessage(message)), context)).toEqual({ batchItemFailures: [] });
    expect(hidden).toEqual({ r0: 90 });
  });

  it.each(["", "{}", "[]", '{"executionId":"x"}', JSON.stringify({ ...message, revision: -1 })])(
    "reports an unreadable message: %s",
    async (body) => {
      const { ports, noted } = aQueue();
      const handler = messageHandler(Due, ports, async () => {
        throw new Error("must not be called");
      });
      expect(await handler(eventOf(body), context)).toEqual({ batchItemFailures: [{ itemIdentifier: "m0" }] });
      expect(noted).toMatchObject([{ level: "ERROR", requestId: "r", messageId: "m0" }]);
      expect(JSON.stringify(noted)).not.toContain("must not be called");
    },
  );
});

describe("a message that has been received ten times", () => {
  const body = encodeDueMessage(message);
  const failing = (error: Error) => () => Promise.reject(error);

  it.each([
    ["is not readable", "{}", failing(new Error("not called"))],
    ["names a function that is not deployed", body, failing(unknownFunction("f", []))],
  ])("is given up if it %s, and not before", async (_, text, process) => {
    const { ports, noted } = aQueue();
    const handler = messageHandler(Due, ports, process);
    expect((await handler(receivedOften(9, text), context)).batchItemFailures).toHaveLength(1);
    expect(await handler(receivedOften(10, text), context)).toEqual({ batchItemFailures: [] });
    expect(noted.map((entry) => entry.message)).toEqual([
      "message failed and will be delivered again",
      "message given up",
    ]);
  });

  it.each([
    new Error("AccessDenied"),
    new DomainError("unavailable", "throttled"),
    new DomainError("not_found", "no longer kept"),
  ])("comes again as long as it takes if something that it needs fails: %s", async (error) => {
    const { ports, hidden } = aQueue();
    const handler = messageHandler(Due, ports, failing(error));
    expect((await handler(receivedOften(999, body), context)).batchItemFailures).toHaveLength(1);
    expect(hidden).toEqual({ r0: 300 });
  });
});

it("a tick carries the moment that Scheduler says it is for", () => {
  expect(CronTick.parse({ functionName: "f", tick: "2026-11-24T09:00:00Z" })).toEqual({
    functionName: "f",
    tickMs: Date.UTC(2026, 10, 24, 9),
  });
});
