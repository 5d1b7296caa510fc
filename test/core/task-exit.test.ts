import { describe, expect, it } from "vitest";
import { launchFault, outcomeOfTask, taskExit } from "../../lambdas/core/task-exit.ts";

const ended = { exitCode: undefined, reason: undefined, stoppedReason: "Essential container in task exited" };

describe("the end of a task", () => {
  it.each([
    ["out of memory", { ...ended, exitCode: 137, reason: "OutOfMemoryError: Container killed" }, "ER0002", "OOMError"],
    ["an exit code", { ...ended, exitCode: 3 }, "ER0003", "NonZeroExitCodeError"],
    ["a kill", { ...ended, exitCode: 137 }, "ER0000", "WorkerLostError"],
    ["a stop", { ...ended, exitCode: 143 }, "ER0000", "WorkerLostError"],
    ["a lost host", { ...ended, stoppedReason: "Host EC2 terminated" }, "ER0000", "WorkerLostError"],
    ["an exit without an outcome", { ...ended, exitCode: 0 }, "ER0000", "WorkerLostError"],
  ])("by %s is what its attempt failed of", (_, end, errorCode, name) => {
    expect(outcomeOfTask(taskExit(end))).toMatchObject({ state: "failed", errorCode, error: { name } });
  });

  it("says why ECS stopped it", () => {
    const outcome = outcomeOfTask(taskExit({ ...ended, stoppedReason: "Your Spot Task was interrupted." }));
    expect(outcome).toMatchObject({
      error: { message: expect.stringContaining("Your Spot Task was interrupted.") as unknown },
    });
  });

  it("before its execution was claimed is a fault, unless it exited as it should", () => {
    expect(launchFault(taskExit({ ...ended, exitCode: 0 }))).toBeUndefined();
    expect(launchFault(taskExit({ ...ended, exitCode: 1 }))).toContain("exited with code 1");
    const pull = "CannotPullContainerError: pull access denied";
    expect(launchFault(taskExit({ ...ended, stoppedReason: pull }))).toBe(pull);
    expect(launchFault(taskExit({ ...ended, stoppedReason: "x".repeat(9_000) }))).toHaveLength(1_000);
  });
});
