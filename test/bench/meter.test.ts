import { describe, expect, it } from "vitest";
import { Meter } from "../../bench/meter.ts";
import { usageOf } from "../../bench/usage.ts";
import { aCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";

describe("the meter of a local cloud", () => {
  it("counts what an execution's parts ask of AWS, each for itself", async () => {
    const meter = new Meter();
    const { interceptor, ...options } = meter.options;
    await using running = await aCloud({ dynamodb: "dynalite", ...options, interceptors: [interceptor] });
    meter.reset();
    await running.calls.ended(await running.calls.enqueue("nothing"));
    const runner = () => usageOf(meter, (name) => name === "Epoque-fn-nothing");
    // The message is received, and deleted when the Lambda has ended.
    await until(runner, ({ sqsRequests }) => sqsRequests === 2);
    expect(runner()).toMatchObject({ lambdaRequests: 1, apiRequests: 0, s3Puts: 0, schedulerInvocations: 0 });
    expect(runner().lambdaGigabyteSeconds).toBeGreaterThan(0);
    // Two lines of the log and the function's own.
    expect(runner().logGigabytes).toBeGreaterThan(300 / 1e9);

    const api = usageOf(meter, (name) => name === "Epoque-api");
    expect(api).toMatchObject({ sqsRequests: 1, apiRequests: api.lambdaRequests });
    const writes = meter.calls.filter(({ action }) => action === "PutItem");
    expect(writes.map(({ by, what }) => `${by} ${what}`)).toEqual([
      "Epoque-api execution created",
      "Epoque-fn-nothing execution started",
      "Epoque-fn-nothing execution succeed",
    ]);
    expect(writes.every(({ units }) => (units["table"] ?? 0) > 0)).toBe(true);
  });
});
