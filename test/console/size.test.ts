import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { beforeAll, describe, expect, it } from "vitest";
import { consoleFiles } from "../../builder/build-console.ts";

/** Bytes, compressed, that the first page may need. */
const FIRST_LOAD_BYTES = 180 * 1024;

describe("the built console", () => {
  let directory: string;
  beforeAll(async () => {
    directory = await consoleFiles();
  });

  const compressed = (name: string) => readFileSync(join(directory, `${name}.gz`));
  const text = (name: string) => gunzipSync(compressed(name)).toString("utf-8");

  /** The file `name` and those that it imports at once. */
  function withImports(name: string, found = new Set<string>()): Set<string> {
    if (found.has(name)) return found;
    found.add(name);
    for (const [, imported = ""] of text(name).matchAll(/(?:from|import)\s*"\.\/([\w-]+\.js)"/g)) {
      withImports(`assets/${imported}`, found);
    }
    return found;
  }

  it("needs at most 180 KB for its first page, the start or the list", () => {
    const page = text("index.html");
    const linked = [...page.matchAll(/(?:src|href)="\/console\/(assets\/[^"]+)"/g)].map(([, name = ""]) => name);
    for (const screen of ["attention-screen", "executions-screen"]) {
      const chunk = readdirSync(join(directory, "assets")).find((name) => name.startsWith(screen));
      const entries = [...linked, `assets/${chunk?.replace(/\.gz$/, "")}`];
      const files = new Set(["index.html", ...entries.flatMap((name) => [...withImports(name)])]);
      const bytes = [...files].reduce((sum, name) => sum + compressed(name).length, 0);
      expect(files.size, screen).toBeGreaterThan(4);
      expect(bytes, screen).toBeLessThanOrEqual(FIRST_LOAD_BYTES);
    }
  });

  it("has no code in its page, and asks nobody else for anything", () => {
    const page = text("index.html");
    expect(page).not.toMatch(/<script(?![^>]* src=)|<style| style=| on\w+=/);
    expect(page).not.toMatch(/https?:\/\//);
  });
});
