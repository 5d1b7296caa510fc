import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { unzip } from "../../lambdas/run/unzip.ts";
import { zipFolder } from "../../local/services/assets/zip-folder.ts";

const files: Record<string, string> = {
  "index.mjs": "export {};\n".repeat(1_000),
  "node_modules/pkg/näme.js": "",
  "node_modules/pkg/deep/er/x.txt": "x",
};

const hasPython = spawnSync("python3", ["--version"]).status === 0;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "epoque-unzip-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, "in", path, ".."), { recursive: true });
    writeFileSync(join(folder, "in", path), text);
  }
  writeFileSync(join(folder, "in", "engine"), "binary");
  chmodSync(join(folder, "in", "engine"), 0o755);
  symlinkSync("engine", join(folder, "in", "link"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const read = (archive: Buffer) =>
  Object.fromEntries([...unzip(archive)].map(({ path, content }) => [path, content().toString()]));

/** Lets a program that we did not write make an archive: Python's, as many tools do. */
function zipByPython(...args: string[]): Buffer {
  const script = `
import sys, zipfile
from pathlib import Path
root, target, method = Path(sys.argv[1]), sys.argv[2], getattr(zipfile, sys.argv[3])
with zipfile.ZipFile(target, "w", method) as archive:
    archive.comment = b"PK comment"
    for path in sorted(root.rglob("*")):
        archive.write(path, path.relative_to(root))
`;
  execFileSync("python3", ["-c", script, join(folder, "in"), join(folder, "out.zip"), ...args]);
  return readFileSync(join(folder, "out.zip"));
}

describe("an archive", () => {
  const all = { ...files, engine: "binary", link: "binary" };

  it("of the local cloud is unpacked, links as what they lead to", () => {
    expect(read(zipFolder(join(folder, "in")))).toEqual(all);
  });

  it.skipIf(!hasPython).each(["ZIP_STORED", "ZIP_DEFLATED"])(
    "of another program is unpacked, with folders and a comment: %s",
    (method) => {
      expect(read(zipByPython(method))).toEqual(all);
    },
  );

  it("keeps what may be run", () => {
    const others = hasPython ? [zipByPython("ZIP_DEFLATED")] : [];
    for (const archive of [zipFolder(join(folder, "in")), ...others]) {
      const modes = Object.fromEntries([...unzip(archive)].map(({ path, mode }) => [path, mode.toString(8)]));
      expect(modes).toMatchObject({ engine: "755", "index.mjs": expect.stringMatching(/^6/) as unknown });
    }
  });

  it("that reaches out of its folder is refused, and so is another compression, or no archive", () => {
    const archive = zipFolder(join(folder, "in"));
    const evil = Buffer.from(archive.toString("latin1").replaceAll("index.mjs", "../x/y.js"), "latin1");
    expect(() => read(evil)).toThrow("the archive reaches out: ../x/y.js");
    if (hasPython) expect(() => read(zipByPython("ZIP_BZIP2"))).toThrow("is packed in another way");
    expect(() => read(Buffer.from("no archive at all, but longer than its end"))).toThrow("this is no ZIP archive");
    expect(() => read(Buffer.alloc(0))).toThrow("this is no ZIP archive");
  });
});
