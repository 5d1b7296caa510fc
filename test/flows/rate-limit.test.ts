import { describe, expect, it } from "vitest";
import { aCreated, aNewId } from "../../harness/an-execution.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import type { Created } from "../../lambdas/core/execution.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";

const functionName = "fourASecond";

function given(count: number) {
  const ports = memoryPorts(10_000);
  const executions = Array.from({ length: count }, () =>
    aCreated({ id: aNewId(1, functionName), functionName, functionId: functionId(functionName) }),
  );
  for (const execution of executions) ports.executions.records.set(execution.id, execution);
  const take = (execution: Created) => claim(ports, messageOf(execution));
  const reserved = () => [...ports.executions.records.values()].map((it) => (it as Created).notBeforeMs);
  return { ports, executions, take, reserved };
}

describe("a function of four a second, and two at once", () => {
  it("starts two, and reserves the others' starts, at which their messages come back", async () => {
    const { ports, executions, take, reserved } = given(12);
    const results = [];
    for (const execution of executions) results.push(await take(execution));
    expect(results.slice(0, 2).every((it) => "claimed" in it)).toBe(true);
    // The flow sleeps through a remainder of up to 600 ms: the clock goes on.
    const starts = [...ports.executions.records.values()].map((it) =>
      "startedAtMs" in it ? it.startedAtMs : undefined,
    );
    const all = reserved().map((ms, index) => ms ?? starts[index] ?? Number.NaN);
    expect(all).toEqual([10_000, 10_000, ...Array.from({ length: 10 }, (_, index) => 10_250 + 250 * index)]);
    const sent = ports.dispatcher.sent.map(({ message }) => message.scheduledAtMs);
    expect(sent).toEqual(reserved().filter((ms) => ms !== undefined));
  });

  it("reserves once, however often the message comes", async () => {
    const { ports, executions, take } = given(8);
    for (const execution of executions) await take(execution);
    for (const execution of executions) await take(execution);
    expect(await ports.rates.advance(functionId(functionName), "=", 0, 0)).toBe(10_000 + 8 * 250);
  });

  it("leaves a start far ahead with the timer, and the sweep does not take it for lost before", async () => {
    const { ports, executions, take } = given(1);
    await ports.rates.advance(functionId(functionName), "=", 7_200_000, 10_000);
    const [execution] = executions as [Created];
    expect(await take(execution)).toHaveProperty("sentBack");
    expect(ports.dispatcher.sent).toMatchObject([{ to: "timer" }]);
    ports.clock.advance(7_000_000);
    await sweep({ ...ports, onError: () => {} }, Infinity);
    expect(ports.executions.records.get(execution.id)).toMatchObject({ state: "created", dispatches: 0 });
  });
});
