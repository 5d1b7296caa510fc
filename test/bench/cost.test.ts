import { describe, expect, it } from "vitest";
import { idleMonth, idleOf } from "../../bench/idle.ts";
import { risenCounts } from "../../bench/last-counts.ts";
import { Meter, type MeteredCall } from "../../bench/meter.ts";
import { dollars, dollarsByKind } from "../../bench/prices.ts";
import { minus, times, usageOf } from "../../bench/usage.ts";

function aCall(changes: Partial<MeteredCall>): MeteredCall {
  return {
    service: "dynamodb",
    action: "PutItem",
    by: "Epoque-api",
    on: "executions",
    what: "",
    units: {},
    requests: 1,
    isEmpty: false,
    ...changes,
  };
}

describe("dollars", () => {
  it("are what AWS's prices make of known counts", () => {
    const million = times({ writeUnits: 12, readUnits: 2, sqsRequests: 3, apiRequests: 1, lambdaRequests: 2 }, 1e6);
    expect(dollarsByKind(million)).toEqual({
      writeUnits: 7.5,
      readUnits: 0.25,
      sqsRequests: expect.closeTo(1.2),
      apiRequests: 1,
      lambdaRequests: expect.closeTo(0.4),
    });
    expect(dollars(million)).toBeCloseTo(10.35);
  });

  it("count S3, Lambda's time and logs by their own units", () => {
    const usage = {
      s3Puts: 1_000,
      s3Gets: 1_000,
      lambdaGigabyteSeconds: 400_000,
      logGigabytes: 2,
      schedulerInvocations: 1e6,
    };
    expect(dollars(usage)).toBeCloseTo(0.005 + 0.0004 + 5.333_36 + 1 + 1);
  });
});

describe("the use of some functions", () => {
  const who = (name: string) => name !== "operator" && name !== "Epoque-sweep";

  it("tells writes from reads and adds the indexes", () => {
    const meter = new Meter();
    meter.calls = [
      aCall({ units: { table: 1, wake: 2, state: 2 } }),
      aCall({ action: "GetItem", units: { table: 1 } }),
      aCall({ action: "Query", units: { all: 0.5 } }),
    ];
    expect(usageOf(meter, who)).toMatchObject({ writeUnits: 5, readUnits: 1.5 });
  });

  it("leaves out others, and polls that brought nothing", () => {
    const meter = new Meter();
    meter.calls = [
      aCall({ by: "operator", units: { table: 1 } }),
      aCall({ by: "Epoque-sweep", units: { table: 1 } }),
      aCall({ service: "sqs", action: "ReceiveMessage", isEmpty: true }),
      aCall({ service: "sqs", action: "ReceiveMessage" }),
      aCall({ service: "sqs", action: "SendMessage", requests: 2 }),
    ];
    meter.invocations = [{ functionName: "Epoque-sweep", memoryMegabytes: 512, ms: 1 }];
    expect(usageOf(meter, who)).toMatchObject({ writeUnits: 0, sqsRequests: 3, lambdaRequests: 0, logGigabytes: 0 });
  });

  it("counts polls that brought nothing where that is asked for", () => {
    const meter = new Meter();
    meter.calls = [aCall({ by: "Epoque-sweep", service: "sqs", action: "ReceiveMessage", isEmpty: true })];
    const isSweep = (name: string) => name === "Epoque-sweep";
    expect(usageOf(meter, isSweep)).toMatchObject({ sqsRequests: 0 });
    expect(usageOf(meter, isSweep, { emptyPolls: true })).toMatchObject({ sqsRequests: 1 });
  });

  it("counts what Scheduler calls for them", () => {
    const meter = new Meter();
    const fires = { service: "sqs", action: "SendMessage", by: "scheduler.amazonaws.com" };
    meter.calls = [
      aCall({ ...fires, on: "Epoque-fire" }),
      aCall({ ...fires, service: "lambda", action: "InvokeFunction", on: "Epoque-sweep" }),
      aCall({ service: "scheduler", action: "CreateSchedule" }),
    ];
    expect(usageOf(meter, who)).toMatchObject({ schedulerInvocations: 1, sqsRequests: 1 });
  });

  it("bills Lambda by started milliseconds and by memory", () => {
    const meter = new Meter();
    meter.invocations = [
      { functionName: "Epoque-api", memoryMegabytes: 1_024, ms: 9.1 },
      { functionName: "Epoque-fire", memoryMegabytes: 512, ms: 19.5 },
      // Disturbed: the median of its function's counts.
      { functionName: "Epoque-fn", memoryMegabytes: 1_024, ms: 900 },
      { functionName: "Epoque-fn", memoryMegabytes: 1_024, ms: 4 },
      { functionName: "Epoque-fn", memoryMegabytes: 1_024, ms: 5 },
    ];
    meter.logLines = [{ functionName: "Epoque-api", bytes: 340 }];
    expect(usageOf(meter, who)).toMatchObject({
      lambdaRequests: 5,
      lambdaGigabyteSeconds: expect.closeTo(0.02 + 0.015, 6),
      apiRequests: 1,
      logGigabytes: expect.closeTo(340 / 1e9, 12),
    });
  });

  it("can be taken from another's", () => {
    expect(minus({ writeUnits: 28, s3Puts: 1 }, { writeUnits: 14 })).toEqual({ writeUnits: 14, s3Puts: 1 });
  });
});

describe("counts that have risen since the last time", () => {
  const last = { immediate: { writeUnits: 11, readUnits: 2 } };
  const counted = (name: string, usage: Record<string, number>) => [{ name, n: 20, usage }];

  it("are those of a unit more", () => {
    expect(risenCounts(counted("immediate", { writeUnits: 12, readUnits: 2 }), last)).toEqual([
      "immediate: writeUnits 11 → 12",
    ]);
    expect(risenCounts(counted("immediate", { writeUnits: 11, readUnits: 2, s3Puts: 1 }), last)).toEqual([
      "immediate: s3Puts 0 → 1",
    ]);
  });

  it("are not means that differ a little, fewer units, or what was not counted before", () => {
    expect(risenCounts(counted("immediate", { writeUnits: 10, readUnits: 2.05 }), last)).toEqual([]);
    expect(risenCounts(counted("a tick", { writeUnits: 17 }), last)).toEqual([]);
  });
});

describe("a month in which nothing happens", () => {
  it("is the polls, the sweeps and what is paid by the month", () => {
    const month = idleMonth(
      { mappings: 11, secrets: 2, alarmMetrics: 20, dashboards: 1 },
      { lambdaRequests: 1, sqsRequests: 0 },
      5,
    );
    expect(month).toEqual({
      lambdaRequests: 43_800,
      sqsRequests: 11 * 657_000,
      secretMonths: 2,
      alarmMonths: 20,
      dashboardMonths: 1,
    });
    expect(dollars(month)).toBeCloseTo(0.008_76 + 2.890_8 + 0.8 + 2 + 3);
  });

  it("has one mapping more for each function, and nothing else", () => {
    const [one, ten] = [idleOf(1), idleOf(10)];
    expect(one).toMatchObject({ secrets: 2, dashboards: 1 });
    expect(ten).toEqual({ ...one, mappings: one.mappings + 9 });
  });
});
