import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { builtOnce } from "../../builder/built-once.ts";

let root: string;
let builds: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "epoque-cache-"));
  await mkdir(join(root, "src/inner"), { recursive: true });
  await write("src/inner/a.ts", "1");
  await write("src/b.ts", "2");
  await write("options.json", "{}");
  await write("package-lock.json", "{}");
  builds = 0;
});
afterEach(() => rm(root, { recursive: true }));

const write = (path: string, text: string) => writeFile(join(root, path), text);

const build = () =>
  builtOnce(
    "thing",
    ["src", "options.json"],
    async (folder) => writeFile(join(folder, "number"), String(++builds)),
    root,
  );
const built = async () => readFile(join(await build(), "number"), "utf-8");
const inCache = () => readdir(join(root, "node_modules/.cache/thing"));

describe("what is built once", () => {
  it("is taken as it is while nothing has changed, though files were written anew", async () => {
    const first = await build();
    await write("src/b.ts", "2");
    expect(await build()).toBe(first);
    expect(builds).toBe(1);
  });

  it.each([
    ["a source in a folder", "src/inner/a.ts", "3"],
    ["a new source", "src/c.ts", ""],
    ["a file", "options.json", "[]"],
    ["the installed packages", "package-lock.json", "[]"],
  ])("is built anew, and the old is removed, after a change of %s", async (_, path, text) => {
    await build();
    await write(path, text);
    expect(await built()).toBe("2");
    expect(await inCache()).toHaveLength(1);
  });

  it("is one of two that were built at the same time", async () => {
    const [one, other] = await Promise.all([build(), build()]);
    expect(one).toBe(other);
    expect(["1", "2"]).toContain(await readFile(join(one, "number"), "utf-8"));
    expect(await inCache()).toHaveLength(1);
  });

  it("is not there when the build failed", async () => {
    const failing = builtOnce("thing", ["src"], () => Promise.reject(new Error("no space")), root);
    await expect(failing).rejects.toThrow("no space");
    expect(await inCache()).toEqual([]);
  });
});
