import type { Profiler } from "node:inspector";
import { expect, it } from "vitest";
import { costs } from "../../bench/handler/costs.ts";

function node(id: number, functionName: string, url: string, children: number[] = []): Profiler.ProfileNode {
  return { id, callFrame: { functionName, url, scriptId: "1", lineNumber: 1, columnNumber: 1 }, children };
}

it("a profile's costs are those of packages, of our folders and of Node, without what waits or profiles", () => {
  const profile = {
    startTime: 0,
    endTime: 100,
    nodes: [
      node(1, "(root)", "", [2, 3, 4, 8]),
      node(2, "(idle)", ""),
      node(3, "(garbage collector)", ""),
      node(4, "api", "file:///repo/lambdas/api/api.ts", [5, 6]),
      node(5, "send", "file:///repo/node_modules/a/node_modules/@smithy/core/dist/send.js", [7]),
      node(6, "hash", "node:internal/crypto/hash"),
      node(8, "post", "node:inspector"),
      // A frame without a file is the engine's own, called by the SDK.
      node(7, "stringify", ""),
    ],
    samples: [2, 3, 4, 5, 6, 7, 8],
    timeDeltas: [1000, 5, 10, 20, 15, 50, 900],
  };
  expect(costs(profile)).toEqual([
    { part: "@smithy/core", share: 0.7 },
    { part: "node:internal/crypto", share: 0.15 },
    { part: "lambdas/api", share: 0.1 },
    { part: "garbage collection", share: 0.05 },
  ]);
});
