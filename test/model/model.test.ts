import fc from "fast-check";
import { afterAll, beforeAll, describe, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { memoryApi } from "../support/api.ts";
import { dynamoPorts } from "../support/dynamo-ports.ts";
import { reasonToSkip } from "../support/java.ts";
import { commands } from "./commands.ts";
import { type Model, RETRIES } from "./model.ts";

// Runs random commands against the service and a simple model of it, and compares the two.

function real(kept: object) {
  const ports = { ...memoryPorts(1_800_000_000_000), ...kept };
  Object.assign(ports.retry, { maxAttempts: RETRIES, multiplier: 1 });
  return memoryApi(ports);
}

async function agree(kept: () => object, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.commands(commands(), { maxCommands: 40, size: "max" }), async (some) => {
      const setup = () => {
        const model: Model = { executions: [], nowMs: 1_800_000_000_000, runId: crypto.randomUUID() };
        return { model, real: real(kept()) };
      };
      await fc.asyncModelRun(setup, some);
    }),
    { numRuns, interruptAfterTimeLimit: 15_000 },
  );
}

describe("the service and its model agree", () => {
  it("in memory", () => agree(() => ({}), 100));

  describe.each(["dynalite", "local"] as const)("with %s", (dynamodb) => {
    describe.skipIf(reasonToSkip(dynamodb) !== undefined)("in the local cloud", () => {
      let running: RunningCloud;
      beforeAll(async () => {
        running = await aCloud({ dynamodb });
      });
      afterAll(() => running[Symbol.asyncDispose]());

      it("whatever happens", () => agree(() => dynamoPorts(running), 10));
    });
  });
});
