import { describe, expect, it } from "vitest";
import { lastCounts } from "../../bench/last-counts.ts";
import { addWriteUnits } from "../../bench/write-units.ts";
import { calm } from "../../harness/simulation/conditions.ts";
import { createSystem } from "../../harness/simulation/system.ts";

const SHARDS = 4;

/** Runs one execution of a function without flow control; counts its calls of services, and its write units. */
async function countOne(metadata: Record<string, string>) {
  const calls: Record<string, number> = {};
  const network = {
    ...calm().network,
    faultOf: (_: unknown, name: string) => {
      calls[name] = (calls[name] ?? 0) + 1;
      return undefined;
    },
  };
  const system = createSystem({ ...calm(), network });
  system.sweepIs(false);
  void system.enqueue("importContacts", { ms: 1 }, { metadata });
  await system.settle(3_600_000);
  const [versions = []] = system.history.versions.values();
  expect(versions.at(-1)?.state).toBe("succeed");
  const partitions = new Map<string, number>();
  addWriteUnits(partitions, versions, SHARDS);
  const ofRecord = [...partitions.values()].reduce((sum, units) => sum + units, 0);
  // An attempt's item has no index.
  return { calls, writeUnits: ofRecord + system.attempts.size };
}

describe("a function without flow control", () => {
  it.each<[string, Record<string, string>]>([
    ["immediate", {}],
    ["five metadata pairs", { user: "4711", plan: "free", region: "eu", source: "import", batch: "2026-11" }],
  ])("costs not one write unit more than it did: %s", async (scenario, metadata) => {
    const { writeUnits } = await countOne(metadata);
    expect(writeUnits).toBeLessThanOrEqual(lastCounts()[scenario]?.writeUnits ?? 0);
  });

  it("calls no service of flow control", async () => {
    const { calls } = await countOne({});
    expect(calls).toEqual({
      "dispatcher.toFunction": 1,
      "executions.apply": 2,
      "executions.create": 1,
      "executions.get": 1,
      "pauses.isPaused": 1,
      "payloads.read": 1,
      "payloads.store": 3,
      // The user's code.
      run: 1,
      "tokens.signingKeys": 1,
    });
  });
});
