import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { aCloud } from "../../harness/a-cloud.ts";

it("examples/flow-control does what its README says", async () => {
  await using running = await aCloud({ functions: "examples/flow-control/src/defer", dynamodb: "dynalite" });
  const { stdout } = await promisify(execFile)(process.execPath, ["examples/flow-control/src/demo.ts"], {
    env: { ...process.env, DEFER_ENDPOINT: running.cloud.apiEndpoint, DEFER_TOKEN: running.token },
    timeout: 120_000,
  });
  // The client logs each call.
  const lines = stdout
    .trim()
    .split("\n")
    .filter((line) => !line.startsWith("level="));
  expect(lines.slice(0, 3)).toEqual(["globex and initech are done", "acme is done", "the mails wait for a resume"]);
  const mailed = lines.slice(3, 8).map((line) => /^to (\w+): import .* is done$/.exec(line)?.[1]);
  expect(mailed.sort()).toEqual(["acme", "acme", "acme", "globex", "initech"]);
  expect(lines.slice(8)).toEqual([
    expect.stringMatching(/^importOrders .* failed: no tenant unknown$/),
    "1 report: 10 orders",
  ]);
});
