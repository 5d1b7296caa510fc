import { describe, expect, it } from "vitest";
import { readContext } from "../../bin/context.ts";

const read = (context: Record<string, unknown>) => readContext((name) => context[name]);

describe("the CDK's context", () => {
  it.for<[string, Record<string, unknown>, object]>([
    ["nothing", {}, {}],
    [
      "text from the command line",
      { events: "true", alarmEmail: "a@example.com" },
      { events: true, alarmEmail: "a@example.com" },
    ],
    [
      "an object from the command line",
      { throttling: '{"requestsPerSecond":50}' },
      { throttling: { requestsPerSecond: 50 } },
    ],
    [
      "values of cdk.json",
      { tracing: true, reservedConcurrency: { api: 50 } },
      { tracing: true, reservedConcurrency: { api: 50 } },
    ],
    ["what is not ours", { functions: "defer", other: 1 }, {}],
  ])("may hold %s", ([, context, expected]) => {
    expect(read(context)).toEqual(expected);
  });

  it.for<[string, Record<string, unknown>, string]>([
    ["a switch that is neither on nor off", { events: "yes" }, "the context events is wrong"],
    [
      "a limit of nothing",
      { throttling: { requestsPerSecond: 0 } },
      "the context throttling.requestsPerSecond is wrong",
    ],
    ["a Lambda that there is not", { reservedConcurrency: { apii: 1 } }, "the context reservedConcurrency is wrong"],
  ])("must not hold %s", ([, context, message]) => {
    expect(() => read(context)).toThrow(message);
  });
});
