import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { caller } from "../support/caller.ts";
import { readyEnvironment, startDev } from "../support/dev-process.ts";

describe("npm start with --data", () => {
  it("goes on after kill -9 where it was: results, what waits in queues, the token", async () => {
    const folder = await mkdtemp(join(tmpdir(), "epoque-restart-"));
    const args = ["--functions", "test/fixtures/basics/defer", "--data", join(folder, "data"), "--token", "kept"];
    const first = startDev(args);
    const before = caller(await readyEnvironment(first));
    const large = "x".repeat(20_000);
    const done = await before.enqueue("echo", [large]);
    await before.ended(done);
    const soon = { schedule_for: new Date(Date.now() + 4_000).toISOString() };
    const waiting = [
      await before.enqueue("tally", [join(folder, "tally"), "waited"], soon),
      await before.enqueue("inOrder", [join(folder, "in-order"), "waited"], soon),
    ];
    first.child.kill("SIGKILL");
    await once(first.child, "exit");

    const second = startDev(args);
    try {
      const after = caller(await readyEnvironment(second));
      expect(await after.result(done)).toBe(large);
      for (const id of waiting) expect(await after.ended(id)).toMatchObject({ state: "succeed", attempt: 1 });
      expect(await readFile(join(folder, "tally"), "utf-8")).toMatch(/^waited \d+\n$/);
      expect(await readFile(join(folder, "in-order"), "utf-8")).toBe("begin waited\nend waited\n");
    } finally {
      await second.stop();
      await rm(folder, { recursive: true });
    }
  }, 60_000);
});
