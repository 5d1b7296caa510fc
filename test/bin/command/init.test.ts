import { mkdir, mkdtemp, readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Context } from "../../../bin/invocation/context.ts";
import init from "../../../bin/verbs/init.ts";

async function given(folder: string) {
  const directory = await mkdtemp(join(tmpdir(), "epoque-init-"));
  await mkdir(join(directory, folder), { recursive: true });
  const shown: { next: string[] }[] = [];
  const show: Context["show"] = (value) => void shown.push(value as { next: string[] });
  return { directory, shown, context: { directory, show } as Context };
}

describe("init", () => {
  it.each(["defer", "src/defer"])("writes an app beside %s, and nothing else", async (folder) => {
    const { directory, context, shown } = await given(folder);
    await init(context, [], { into: "deploy" });
    expect((await readdir(directory)).sort()).toEqual(["deploy", folder.split("/")[0]].sort());
    expect((await readdir(join(directory, "deploy"))).sort()).toEqual(["app.mjs", "cdk.json"]);
    expect(await readFile(join(directory, "deploy/app.mjs"), "utf-8")).toContain(
      `new URL("../${folder}", import.meta.url)`,
    );
    expect(shown[0]?.next).toEqual([
      "npm install --save-dev aws-cdk-lib constructs aws-cdk",
      "cd deploy && npx cdk bootstrap && npx cdk deploy",
    ]);
  });

  it("overwrites nothing, and needs a folder of functions", async () => {
    const { context } = await given("defer");
    await init(context, [], { into: "deploy" });
    await expect(init(context, [], { into: "deploy" })).rejects.toThrow("deploy/app.mjs is there already");
    const { context: other } = await given("jobs");
    await expect(init(other, [], { into: "deploy" })).rejects.toThrow("--functions");
    await init(other, [], { into: "deploy", functions: "jobs" });
  });
});
