import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { buildCode } from "../../builder/build-code.ts";
import { aProject } from "../support/a-project.ts";

it("every Lambda gets its handler and what it has to know of the functions", async () => {
  await using project = await aProject({
    "package.json": "{}",
    "defer/a.ts": `import { defer } from "@defer/client";
      export default defer.cron(async function nightly() {}, "0 3 * * *", { concurrency: 1, retry: 2, maxDuration: 60 });`,
  });
  const outDirectory = await mkdtemp(join(tmpdir(), "epoque-code-"));
  try {
    const functions = join(project.directory, "defer");
    const code = await buildCode({ functions, outDirectory, platform: "host" });
    const retry = expect.objectContaining({ maxAttempts: 2, initialIntervalSeconds: 30 });
    const limits = { maxDurationSeconds: 60, compute: "lambda", memory: 1024 };
    const settings = { concurrency: 1, cron: "0 3 * * *", ...limits, config: {} };
    const nightly = { name: "nightly", id: expect.any(String), fifo: true, retry, settings };
    for (const [folder, ...more] of [
      [code.api, "openapi.json"] as const,
      [code.fire] as const,
      [code.sweep] as const,
      [code.bulk] as const,
      [code.launch] as const,
    ]) {
      // And the chunks that it loads when it needs them.
      expect(await readdir(folder)).toEqual(expect.arrayContaining(["functions.json", "index.mjs", ...more]));
      expect(JSON.parse(await readFile(join(folder, "functions.json"), "utf-8"))).toEqual([nightly]);
    }
    const directory = code.functions[0]?.directory ?? "";
    expect(await readdir(directory)).toEqual(expect.arrayContaining(["index.mjs", "child.mjs", "function.mjs"]));
    expect(JSON.parse(await readFile(join(directory, "function.json"), "utf-8"))).toEqual({
      ...nightly,
      maxDurationSeconds: 60,
      fresh: false,
    });
  } finally {
    await rm(outDirectory, { recursive: true });
  }
});
