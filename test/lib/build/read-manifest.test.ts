import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installForLambda } from "../../../lib/build/external-packages.ts";
import { readManifest } from "../../../lib/build/read-manifest.ts";

describe("a module that never finishes loading", () => {
  it.each([
    ["an endless loop", "for (;;) {}"],
    ["an endless wait", "await new Promise((resolve) => setTimeout(resolve, 1e9));"],
  ])("%s is ended, and the build goes on", async (_, source) => {
    const folder = await mkdtemp(join(tmpdir(), "epoque-manifest-"));
    const bundle = join(folder, "function.mjs");
    await writeFile(bundle, `console.log("still\\nhere");\n${source}`);
    const result = await readManifest(bundle, "defer/a.ts", 1);
    await rm(folder, { recursive: true });
    expect(result).toEqual({
      problem: "it is still loading after 1 s; do at call time what takes long; it printed: still | here",
    });
  });
});

describe("packages for Lambda", () => {
  it("are those of Linux on arm64, whatever this machine is", () => {
    expect(installForLambda).toEqual(expect.arrayContaining(["install", "--os=linux", "--cpu=arm64", "--libc=glibc"]));
  });
});
