import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { prepareDataDirectory } from "../../bin/dev/data-directory.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "epoque-data-"));
});
afterEach(() => rm(directory, { recursive: true }));

it("a data folder that is new, empty or of this version can be used", async () => {
  await prepareDataDirectory(join(directory, "new", "deep"));
  await prepareDataDirectory(join(directory, "new", "deep"));
  expect(await readdir(join(directory, "new", "deep"))).toEqual(["key-schema"]);
});

it.each([
  ["without a version", "dynalite", ""],
  ["of an older version", "key-schema", "1\n"],
  ["of a newer version", "key-schema", "99\n"],
  ["with an unreadable version", "key-schema", "?"],
])("a data folder %s is refused, and not changed", async (_, name, text) => {
  await writeFile(join(directory, name), text);
  await expect(prepareDataDirectory(directory)).rejects.toThrow(
    /^--data: .* was written by a version of Epoque with another key schema .* remove the folder or name another one$/,
  );
  expect(await readdir(directory)).toEqual([name]);
});
