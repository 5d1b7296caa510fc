import { mkdtemp, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { aCloud } from "../../harness/a-cloud.ts";
import { until } from "../../harness/until.ts";

it("a worker that is killed takes nothing with it, and its execution is retried when its lease ends", async () => {
  await using running = await aCloud({ dynamodb: "dynalite" });
  const { calls, cloud } = running;
  const file = join(await mkdtemp(join(tmpdir(), "epoque-lost-")), "pid");
  const lost = await calls.enqueue("stuck", [file]);
  const read = () => readFile(file, "utf-8").catch(() => "");
  process.kill(Number(await until(read, (text) => text !== "")), "SIGKILL");

  const ids = await Promise.all([1, 2, 3].map((value) => calls.enqueue("echo", [value])));
  for (const id of ids) expect(await calls.ended(id)).toMatchObject({ state: "succeed" });
  const get = async (id: string) => ((await calls.send("GET", `/${id}`)) as { data: Record<string, unknown> }).data;
  expect(await get(lost)).toMatchObject({ state: "started" });

  // Until the lease and a sweep are over.
  await cloud.advanceClock(180_000);
  const retried = await calls.until(lost, ({ attempt }) => attempt === 2);
  expect(retried).toMatchObject({ state: "created" });
  const result = (await calls.result(`${lost}.1`)) as { name: string };
  expect(result.name).toBe("WorkerLostError");
});
