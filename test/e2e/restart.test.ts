import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { aCloud } from "../../harness/a-cloud.ts";
import { caller } from "../../harness/caller.ts";
import { until } from "../../harness/until.ts";
import { readyEnvironment, startDev } from "../support/dev-process.ts";

describe("npm start with --data", () => {
  it("goes on after kill -9 where it was: results, what waits in queues, the token", async () => {
    const folder = await mkdtemp(join(tmpdir(), "epoque-restart-"));
    const args = ["--functions", "harness/basics/defer", "--data", join(folder, "data"), "--token", "kept"];
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
  });

  it("ends everything as promised after kill -9 with work in all states", async () => {
    const folder = await mkdtemp(join(tmpdir(), "epoque-restart-"));
    const functions = "harness/basics/defer";
    const dataDirectory = join(folder, "data");
    const first = startDev(["--functions", functions, "--data", dataDirectory]);
    const { enqueue, ended, send } = caller(await readyEnvironment(first));
    const later = (ms: number) => ({ schedule_for: new Date(Date.now() + ms).toISOString() });
    const isIn = async (id: string, state: string, attempt = 1) => {
      const read = async () => ((await send("GET", `/${id}`)) as { data: Record<string, unknown> }).data;
      await until(read, (data) => data["state"] === state && data["attempt"] === attempt);
    };

    const succeeded = await enqueue("echo", [1]);
    const failed = await enqueue("explode", [{ why: "no reason" }]);
    const waiting = await enqueue("echo", [2], later(6_000));
    const farOff = await enqueue("echo", [3], later(5 * 86_400_000));
    const moved = await enqueue("echo", [4], later(5 * 86_400_000));
    const cancelled = await enqueue("echo", [5], later(6_000));
    await send("POST", `/${cancelled}/cancellation`, {});
    const discarded = await enqueue("echo", [6], {
      ...later(600_000),
      discard_after: new Date(Date.now() + 60_000).toISOString(),
    });
    const retried = await enqueue("nextHour", [join(folder, "calls")]);
    const lost = await enqueue("endless");
    const aborted = await enqueue("endless");
    await Promise.all([ended(succeeded), ended(failed), isIn(retried, "created", 2)]);
    await send("PATCH", `/${moved}/schedule`, later(3_600_000));
    await Promise.all([isIn(lost, "started"), isIn(aborted, "started")]);
    await send("POST", `/${aborted}/cancellation`, { force: true });
    first.child.kill("SIGKILL");
    await once(first.child, "exit");

    try {
      await using running = await aCloud({ functions, dataDirectory, dynamodb: "dynalite" });
      const { calls, cloud } = running;
      const expected = { state: "succeed", attempt: 1 };
      expect(await calls.ended(waiting)).toMatchObject(expected);
      // The leases of who was killed, the hour of the retry, then the days; what runs meanwhile would be taken for
      // lost.
      await cloud.advanceClock(180_000);
      expect(await calls.ended(lost)).toMatchObject({ state: "failed", attempt: 1 });
      expect(await calls.result(lost)).toMatchObject({ name: "WorkerLostError" });
      expect(await calls.ended(aborted)).toMatchObject({ state: "aborted" });
      expect(await calls.ended(discarded)).toMatchObject({ state: "discarded" });
      await cloud.advanceClock(3_700_000);
      expect(await calls.ended(retried)).toMatchObject({ state: "succeed", attempt: 2 });
      expect(await calls.ended(moved)).toMatchObject(expected);
      await cloud.advanceClock(5 * 86_400_000);
      expect(await calls.ended(farOff)).toMatchObject(expected);
      expect(await calls.ended(succeeded)).toMatchObject(expected);
      expect(await calls.ended(failed)).toMatchObject({ state: "failed", attempt: 1 });
      expect(await calls.ended(cancelled)).toMatchObject({ state: "cancelled" });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
