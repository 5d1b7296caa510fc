import { execFile } from "node:child_process";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

let taskRoot: string;
beforeEach(async () => {
  taskRoot = await realpath(await mkdtemp(join(tmpdir(), "epoque-task-")));
  await writeFile(join(taskRoot, "there.txt"), "there");
});
afterEach(() => rm(taskRoot, { recursive: true }));

const preload = pathToFileURL(resolve("local/runtime/read-only-files.ts")).href;

/** Runs statements in the task root, and returns the code of the error they end with. */
async function codeOf(statements: string): Promise<string> {
  const source = `import fs, * as named from "node:fs"; import fsp from "node:fs/promises"; import { join } from "node:path"; import { tmpdir } from "node:os";
    const temporary = fs.mkdtempSync(join(tmpdir(), "epoque-free-"));
    try { ${statements}; console.log("done"); } catch (error) { console.log(error.code); } finally { fs.rmSync(temporary, { recursive: true }); }`;
  const args = [`--import=${preload}`, "--input-type=module", "--eval", source];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: taskRoot });
  return stdout.trim();
}

describe("the files of a process that stands for one on Lambda", () => {
  it.each([
    'fs.writeFileSync("out.txt", "x")',
    'named.writeFileSync("out.txt", "x")',
    'await fsp.writeFile("out.txt", "x")',
    'await fsp.mkdir("a/b", { recursive: true })',
    'await new Promise((done, fail) => fs.appendFile("there.txt", "x", (error) => (error ? fail(error) : done())))',
    'await new Promise((done, fail) => fs.createWriteStream("out.txt").on("error", fail).on("open", done))',
    'fs.openSync("there.txt", "r+")',
    'fs.openSync("out.txt", fs.constants.O_CREAT | fs.constants.O_WRONLY)',
    'await fsp.open("out.txt", "a")',
    'fs.unlinkSync("there.txt")',
    'fs.rmSync("there.txt")',
    'fs.renameSync("there.txt", join(temporary, "x"))',
    'fs.copyFileSync("there.txt", "copy.txt")',
    'fs.cpSync("there.txt", "copy.txt")',
    'fs.symlinkSync("there.txt", "link")',
    'fs.chmodSync("there.txt", 0o600)',
    'fs.utimesSync("there.txt", 0, 0)',
    'fs.truncateSync("there.txt")',
    'fs.mkdtempSync("folder-")',
    'fs.accessSync(".", fs.constants.W_OK)',
    'fs.writeFileSync(new URL("file:///epoque-out.txt"), "x")',
    'fs.symlinkSync(process.cwd(), join(temporary, "in")); fs.writeFileSync(join(temporary, "in", "out.txt"), "x")',
  ])("cannot be written: %s", async (statements) => {
    expect(await codeOf(statements)).toBe("EROFS");
  });

  it.each([
    ['fs.readFileSync("there.txt")', "done"],
    ['fs.mkdirSync(".", { recursive: true })', "done"],
    ['fs.unlinkSync("absent.txt")', "ENOENT"],
    ['fs.writeFileSync("absent/out.txt", "x")', "ENOENT"],
    ['fs.rmSync("absent", { force: true })', "done"],
    ['fs.accessSync("there.txt")', "done"],
    ['fs.writeFileSync("/dev/null", "x")', "done"],
    ['await fsp.writeFile(join(temporary, "x"), "x"); fs.copyFileSync("there.txt", join(temporary, "y"))', "done"],
    [
      'fs.cpSync(".", join(temporary, "all"), { recursive: true }); fs.rmSync(join(temporary, "all"), { recursive: true })',
      "done",
    ],
  ])("can be read, and the temporary folder can be written: %s", async (statements, outcome) => {
    expect(await codeOf(statements)).toBe(outcome);
  });
});
