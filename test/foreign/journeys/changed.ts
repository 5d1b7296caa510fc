import assert from "node:assert/strict";
import { cancelExecution, listExecutionAttempts } from "@defer/client";
import { until } from "../../../harness/until.ts";
import type { Check } from "../checks.ts";
import { calls, schedule, scheduleNames } from "./deployment.ts";

/** The functions and settings that a later deployment has added: those of `test/fixtures/foreign`. */
export async function changed(check: Check): Promise<void> {
  await check("a cron schedule for its function", async () => {
    const found = await Promise.all((await scheduleNames()).map(schedule));
    const nightly = found.find((each) => each?.Target?.Input?.includes("nightly"));
    assert.equal(nightly?.ScheduleExpression, "cron(* * * * ? *)");
    assert.equal(nightly.ScheduleExpressionTimezone, "UTC");
    const input = { functionName: "nightly", tick: "<aws.scheduler.scheduled-time>" };
    assert.deepEqual(JSON.parse(nightly.Target?.Input ?? ""), input);
  });
  await check("a retry until the third attempt", async () => {
    const id = await calls.enqueue("flaky", [String(Date.now())]);
    const { state, attempt } = await calls.ended(id, 60_000);
    assert.deepEqual([state, attempt], ["succeed", 3]);
    const { data } = await listExecutionAttempts(id);
    assert.deepEqual(data.map((each) => each.state).sort(), ["failed", "failed", "succeed"]);
  });
  await check("an abort of what runs", async () => {
    const id = await calls.enqueue("slow", [60]);
    const read = async () => (await calls.send("GET", `/${id}`)) as { data: { state: string } };
    await until(read, ({ data }) => data.state === "started");
    await cancelExecution(id, true);
    assert.equal((await calls.ended(id))["state"], "aborted");
  });
  await check("a process that ends is a failure", async () => {
    const id = await calls.enqueue("dies");
    assert.equal((await calls.ended(id))["state"], "failed");
  });
  await check("the environment that was set, and nothing of the runner's", async () => {
    const id = await calls.enqueue("environment");
    await calls.ended(id);
    const expected = { STAGE: "foreign", SECRET: "hush", TZ: "UTC", hasToken: true, others: [] };
    assert.deepEqual(await calls.result(id), expected);
  });
  await check("a tick becomes an execution", async () => {
    const read = async () => (await calls.send("GET", "?first=100&states=succeed")) as { data: Execution[] };
    const isNightly = ({ function_name }: Execution) => function_name === "nightly";
    const { data } = await until(read, ({ data }) => data.some(isNightly), 100_000);
    return `scheduled at ${data.find(isNightly)?.scheduled_at}`;
  });
}

interface Execution {
  function_name: string;
  scheduled_at: string;
}
