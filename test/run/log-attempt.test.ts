import { describe, expect, it } from "vitest";
import { anId, aStarted } from "../../harness/an-execution.ts";
import { workerLost } from "../../lambdas/core/attempt-error.ts";
import type { State } from "../../lambdas/core/execution.ts";
import type { Log, LogEntry } from "../../lambdas/log/log.ts";
import { about, logClaim, logOutcome } from "../../lambdas/run/log-attempt.ts";

function noted(note: (log: Log) => void) {
  const lines: { entry: LogEntry; metrics: Parameters<Log>[1] }[] = [];
  note((entry, metrics) => void lines.push({ entry, metrics }));
  expect(lines).toHaveLength(1);
  return lines[0];
}

const execution = aStarted();
const entry = about({ executionId: anId, functionName: "f", revision: 0, scheduledAtMs: 0 }, { requestId: "r" });
const who = { requestId: "r", executionId: anId, function: "f" };

describe("what became of a message", () => {
  it("is that an attempt started, and how late", () => {
    const latenessMs = execution.startedAtMs - execution.scheduledAtMs;
    expect(noted((log) => logClaim(log, entry, { claimed: execution, arguments: "secret" }))).toEqual({
      entry: { message: "attempt started", ...who, attempt: execution.attempt },
      metrics: { started: 1, latenessMs },
    });
  });

  it("counts no lateness for a task, which was counted when that was launched", () => {
    const claimed = aStarted({ task: "task/1" });
    const line = noted((log) => logClaim(log, entry, { claimed, arguments: "[]" }));
    expect(line).toMatchObject({ entry: { latenessMs: expect.any(Number) as unknown } });
    expect(line?.metrics).toEqual({ started: 1 });
  });

  it.each([
    ["a due time in the past", { scheduledAtMs: 0, attemptCreatedAtMs: 9_000 }, 1_000],
    ["a retry", { scheduledAtMs: 9_500, attemptCreatedAtMs: 9_000 }, 500],
    ["a reschedule to the past", { scheduledAtMs: 0, attemptCreatedAtMs: 1_000, rescheduledAtMs: 9_900 }, 100],
    ["the clock of another machine", { scheduledAtMs: 0, attemptCreatedAtMs: 10_050 }, 0],
  ])("measures lateness from when it could start: %s", (_, changes, latenessMs) => {
    const started = aStarted({ startedAtMs: 10_000, ...changes });
    expect(noted((log) => logClaim(log, entry, { claimed: started, arguments: "" }))).toMatchObject({
      metrics: { latenessMs },
    });
  });

  it.each([
    [{ dropped: "stale" } as const, { message: "message dropped", reason: "stale" }],
    [{ sentBack: { remainingMs: 5 } } as const, { message: "message sent back", remainingMs: 5 }],
  ])("is that it was not for now: %o", (result, line) => {
    expect(noted((log) => logClaim(log, entry, result))?.entry).toMatchObject({ ...who, ...line });
  });
});

describe("the end of an attempt", () => {
  const lost = workerLost();
  it.each<[State | "stale", Partial<LogEntry>, object | undefined]>([
    ["succeed", { message: "execution ended", state: "succeed" }, { durationMs: 7, succeeded: 1 }],
    ["failed", { message: "execution ended", state: "failed", errorCode: "ER0000" }, { durationMs: 7, failed: 1 }],
    ["created", { message: "attempt failed, another one follows" }, { durationMs: 7, retried: 1 }],
    ["aborted", { message: "execution ended", state: "aborted" }, { durationMs: 7 }],
    ["stale", { message: "attempt ended too late", durationMs: 7, reason: "stale" }, undefined],
  ])("%s", (state, line, metrics) => {
    const outcome = state === "succeed" ? ({ state, result: "secret" } as const) : lost;
    const written = noted((log) => logOutcome(log, { ...entry, durationMs: 7 }, execution, { outcome, state }));
    expect(written?.entry).toMatchObject({ executionId: anId, function: "f", attempt: execution.attempt, ...line });
    expect(written?.metrics).toEqual(metrics);
    expect(JSON.stringify(written)).not.toMatch(/secret|without a word/);
  });
});
