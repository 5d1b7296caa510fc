import { describe, expect, it } from "vitest";
import { aCreated } from "../../harness/an-execution.ts";
import { memoryExecutions } from "../../harness/memory/memory-executions.ts";
import type { StateChange } from "../../lambdas/core/state-change.ts";
import type { Transition } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";
import { publishing } from "../../lambdas/decorators/publishing.ts";
import type { LogEntry } from "../../lambdas/log/log.ts";

function setUp(publish?: () => Promise<void>) {
  const changes: StateChange[] = [];
  const entries: { entry: LogEntry; metrics: object | undefined }[] = [];
  const executions = publishing(
    memoryExecutions(),
    publish ?? (async (change) => void changes.push(change)),
    (entry, metrics) => entries.push({ entry, metrics }),
  );
  return { changes, entries, executions };
}

const created = aCreated();
const start = next(created, { type: "start", revision: 0, leaseMs: 1_000 }, 12_000) as Transition;

describe("executions that publish what becomes of them", () => {
  it("tell of each change", async () => {
    const { executions, changes } = setUp();
    await executions.create(created);
    await executions.apply(start);
    expect(changes).toEqual([{ execution: created }, { execution: start.to, previousState: "created" }]);
  });

  it("tell nothing of what was not written", async () => {
    const { executions, changes } = setUp();
    expect(await executions.apply(start)).toBe("lost");
    await executions.create(created);
    expect(await executions.create(created)).toBe("exists");
    expect(changes).toHaveLength(1);
  });

  it("go on when nobody can be told, and say so in the log", async () => {
    const { executions, entries } = setUp(async () => {
      throw new Error("EventBridge: away");
    });
    expect(await executions.create(created)).toBe("created");
    expect(await executions.apply(start)).toBe("applied");
    expect(entries).toHaveLength(2);
    expect(entries[1]).toMatchObject({
      entry: { level: "ERROR", message: "event not published", executionId: created.id, state: "started" },
      metrics: { unpublished: 1 },
    });
  });

  it("are as they were where nobody is to be told", () => {
    const executions = memoryExecutions();
    expect(publishing(executions, undefined, () => {})).toBe(executions);
  });
});
