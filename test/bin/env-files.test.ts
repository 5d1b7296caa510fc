import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnvFiles } from "../../bin/invocation/env-files.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "epoque-env-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("a file of environment variables", () => {
  it("has variables, and secrets by reference; the app's own address of Epoque is left out", () => {
    const path = file(
      "a.env",
      '# a comment\nSTAGE="test"\nKEY=secret:mine/key:field\nDEFER_TOKEN=t\nDEFER_ENDPOINT=e\n',
    );
    expect(readEnvFiles([path])).toEqual({ environment: { STAGE: "test" }, secrets: { KEY: "mine/key:field" } });
  });

  it("is overruled by a later one", () => {
    const paths = [file("b.env", "STAGE=test\nKEY=secret:mine/key"), file("c.env", "KEY=here")];
    expect(readEnvFiles(paths)).toEqual({ environment: { STAGE: "test", KEY: "here" }, secrets: {} });
  });

  it("is named if it cannot be read", () => {
    expect(() => readEnvFiles([join(folder, "none.env")])).toThrow(/environment variables .*none\.env cannot be read/);
  });
});
