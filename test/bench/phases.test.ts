import { expect, it } from "vitest";
import { ExecutionLogs } from "../../bench/throughput/phases.ts";
import { aNewId } from "../../harness/an-execution.ts";

it("the phases of an execution are read from the logs", () => {
  const createdAtMs = Date.parse("2026-11-24T09:00:00.000Z");
  const executionId = aNewId(createdAtMs);
  const time = (ms: number) => new Date(createdAtMs + ms).toISOString();
  const logs = new ExecutionLogs();
  const lines: object[] = [
    { time: time(12), message: "request answered", executionId, durationMs: 11 },
    { time: time(48), message: "attempt started", executionId, latenessMs: 40 },
    { time: time(50), message: "request answered", executionId, durationMs: 3 },
    { time: time(90), message: "execution ended", executionId, durationMs: 50 },
  ];
  expect(logs.phases(executionId, createdAtMs + 55)).toBeUndefined();
  for (const line of [...lines, { time: time(0), message: "swept" }]) logs.read(JSON.stringify(line));
  logs.read("START RequestId: 1");
  expect(logs.hasEnded(executionId)).toBe(true);
  expect(logs.phases(executionId, createdAtMs + 55)).toEqual({
    api: 11,
    queue: 40,
    claim: 8,
    begin: 7,
    finish: 35,
  });
});
