import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { withSourcePlaces } from "../../lambdas/aws/source-places.ts";

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "epoque-source-places-"));
});
afterAll(() => rm(directory, { recursive: true }));

/** Bundles a module as our own are, and returns the URL of its file. */
async function bundled(name: string, source: string): Promise<string> {
  await writeFile(join(directory, `${name}.ts`), source);
  await build({
    absWorkingDir: directory,
    entryPoints: [`${name}.ts`],
    outfile: `${name}.mjs`,
    format: "esm",
    minify: true,
    sourcemap: "linked",
    sourcesContent: false,
  });
  return pathToFileURL(join(directory, `${name}.mjs`)).href;
}

describe("a line of the log with the stack of an error", () => {
  it("names the places in our sources", async () => {
    const url = await bundled(
      "fails",
      'interface Unused {}\n\nexport function fail() {\n  throw new Error("no");\n}\n',
    );
    const stack = await stackOf(url);
    expect(stack).toContain("fails.mjs:1:");
    const line = JSON.stringify({ message: "request failed", error: { stack } });
    const { error } = JSON.parse(withSourcePlaces(line)) as { error: { stack: string } };
    expect(error.stack).toMatch(/^Error: no\n {4}at \w+ \(fails\.ts:4:9\)\n/);
  });

  it.each([
    ["has no map", "missing"],
    ["has a broken map", "broken"],
  ])("stays as it is where a bundle %s", async (_, name) => {
    if (name === "broken") await writeFile(join(directory, `${name}.mjs.map`), '{"version":');
    const line = `{"stack":"Error: no\\n    at f (${pathToFileURL(join(directory, name)).href}.mjs:1:20)"}`;
    expect(withSourcePlaces(line)).toBe(line);
  });

  it("stays as it is where it names a place that no source has", async () => {
    const url = await bundled("short", "export const one = 1;\n");
    expect(withSourcePlaces(`at f (${url}:900:1)`)).not.toContain("undefined");
  });

  it("is gone through once, whatever is in it", () => {
    const line = "file:///a".repeat(200_000);
    expect(withSourcePlaces(line)).toBe(line);
  });
});

/** Returns the stack of what `fail` of a module throws, in a process without Vitest, which reads maps by itself. */
async function stackOf(url: string): Promise<string> {
  const script = `import { fail } from "${url}"; try { fail(); } catch (error) { console.log(error.stack); }`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script]);
  return stdout;
}
