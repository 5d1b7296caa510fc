import { describe, expect, it } from "vitest";
import { aCreated, aStarted } from "../../harness/an-execution.ts";
import { stateChange } from "../../lambdas/core/state-change.ts";
import type { ExecutionEvent } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";

const failed = { type: "finish", attempt: 1, end: { state: "failed", errorCode: "ER0001" } } as const;

const told: [string, Parameters<typeof next>[0], ExecutionEvent, string, string][] = [
  ["its start", aCreated(), { type: "start", revision: 0, leaseMs: 1 }, "created", "started"],
  ["its end", aStarted(), { type: "finish", attempt: 1, end: { state: "succeed" } }, "started", "succeed"],
  ["a failure", aStarted(), failed, "started", "failed"],
  ["a retry", aStarted(), { ...failed, retryAfterMs: 5 }, "started", "created"],
  ["a new time", aCreated(), { type: "reschedule", scheduledAtMs: 99_000 }, "created", "created"],
  ["a cancellation", aCreated(), { type: "cancel", force: false }, "created", "cancelled"],
  ["an abort", aStarted(), { type: "cancel", force: true }, "started", "aborting"],
];

const untold: [string, Parameters<typeof next>[0], ExecutionEvent][] = [
  ["a renewed lease", aStarted(), { type: "renew", attempt: 1, leaseMs: 99_000 }],
  ["a message that is sent again", aCreated({ recheckAtMs: 0 }), { type: "send_again" }],
  ["waiting behind others", aCreated({ recheckAtMs: 0 }), { type: "wait" }],
];

function written(...[execution, event]: Parameters<typeof next>) {
  const decision = next(execution, event, 15_000);
  if (!("to" in decision)) throw new Error(`nothing is written: ${JSON.stringify(decision)}`);
  return decision;
}

describe("what is told of an execution", () => {
  it("that it is there", () => {
    const execution = aCreated();
    expect(stateChange(execution)).toEqual({ execution });
  });

  it.for(told)("%s", ([, execution, event, previousState, state]) => {
    const transition = written(execution, event, 15_000);
    expect(stateChange(transition)).toEqual({ execution: transition.to, previousState });
    expect(transition.to.state).toBe(state);
  });

  it.for(untold)("not %s", ([, execution, event]) => {
    expect(stateChange(written(execution, event, 15_000))).toBeUndefined();
  });
});
