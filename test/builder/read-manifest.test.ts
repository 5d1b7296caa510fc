import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readManifest } from "../../builder/read-manifest.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "epoque-manifest-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(pidFile(), { force: true });
});

/** Beside the bundle's folder, which is read-only. */
const pidFile = () => `${folder}.pid`;

const retry = "{ maxAttempts: 0, initialInterval: 30, randomizationFactor: 0.5, multiplier: 1.5, maxInterval: 600 }";

/** Builds the output of `defer()` without the client: a bundle of a few lines. */
function deferred(metadata: string): string {
  return `export default Object.assign(() => {}, { __fn: async () => {}, __metadata: { name: "f", retry: ${retry}, ${metadata} } });`;
}

async function read(source: string, loadSeconds = 10) {
  const bundle = join(folder, "function.mjs");
  await writeFile(bundle, source);
  const result = await readManifest(bundle, "defer/a.ts", { loadSeconds });
  return "problem" in result ? result : result.manifest;
}

/** Resolves when there is no such process, or only its entry in the table. */
async function goneOf(pidFile: string): Promise<void> {
  const pid = Number(await readFile(pidFile, "utf-8"));
  expect(pid).toBeGreaterThan(0);
  const status = () => readFile(`/proc/${pid}/status`, "utf-8").catch(() => "");
  await expect.poll(status, { timeout: 60_000 }).not.toMatch(/State:\s+[^ZX]/);
}

describe("a module that never finishes loading", () => {
  it.each([
    ["an endless loop", "for (;;) {}"],
    ["an endless wait", "await new Promise((resolve) => setTimeout(resolve, 1e9));"],
  ])("%s is ended, and the build goes on", async (_, source) => {
    const note = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(pidFile())}, String(process.pid));`;
    expect(await read(`${note} console.log("still\\nhere");\n${source}`, 1)).toEqual({
      problem: "it is still loading after 1 s; do at call time what takes long; it printed: still | here",
    });
    await goneOf(pidFile());
  });

  it("is not waited for if nothing can come any more", async () => {
    expect(await read("await new Promise(() => {});")).toMatchObject({
      problem: expect.stringMatching(/^it is still loading and waits for what never comes; do at call time /),
    });
  });
});

describe("a builder that ends while a module is loading", () => {
  it.each([
    ["by itself, in an endless loop", "for (;;) {}", "process.exit()"],
    [
      "by force, in an endless wait",
      "await new Promise((done) => setTimeout(done, 1e9));",
      "process.kill(process.pid, 'SIGKILL')",
    ],
  ])("leaves no process behind: %s", async (_, source, end) => {
    const bundle = join(folder, "function.mjs");
    const note = `import { writeFileSync } from "node:fs"; writeFileSync(${JSON.stringify(pidFile())}, String(process.pid));`;
    await writeFile(bundle, `${note}\n${source}`);
    const script = `import { existsSync } from "node:fs"; import { readManifest } from ${JSON.stringify(resolve("builder/read-manifest.ts"))};
      void readManifest(${JSON.stringify(bundle)}, "defer/a.ts", { loadSeconds: 60 });
      setInterval(() => { if (existsSync(${JSON.stringify(pidFile())})) ${end}; }, 20);`;
    const builder = spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" });
    await once(builder, "exit");
    await goneOf(pidFile());
  });
});

describe("a module that is loaded", () => {
  it("may talk on stdout, on stderr and by process.send as it likes", async () => {
    const chatter = `console.log('{"problem":"none"}'); console.error("oh"); process.send?.("ready"); process.stdout.write("x".repeat(1e6));`;
    expect(await read(`${chatter}\n${deferred("")}`)).toMatchObject({ name: "f" });
  });

  it("may fail at what goes on behind, such as a connection to a database that is not here", async () => {
    const behind = `Promise.reject(new Error("no database")); setTimeout(() => { throw new Error("none"); }); await new Promise((resolve) => setTimeout(resolve, 50));`;
    expect(await read(`${behind}\n${deferred("")}`)).toMatchObject({ name: "f" });
  });

  it.each([
    ["process.exit(0);", "exit code 0"],
    ["process.exit(3);", "exit code 3"],
    ["process.kill(process.pid, 'SIGTERM'); await new Promise((resolve) => setTimeout(resolve, 1e6));", "SIGTERM"],
    ["process.abort();", "SIGABRT"],
  ])("must not end its process: %s", async (source, how) => {
    expect(await read(source)).toMatchObject({
      problem: expect.stringContaining(`its process ends while it is loaded (${how}); do that at call time`),
    });
  });

  it("shows the end of what it printed, where it fails", async () => {
    const result = await read(`console.log("x".repeat(10_000)); console.log("the reason"); process.exit(1);`);
    const { problem } = result as { problem: string };
    expect(problem).toMatch(/; it printed: x+ \| the reason$/);
    expect(problem.length).toBeLessThan(700);
  });

  it("does not hold up the build by a process that it sent away for good", async () => {
    const spawned = `import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";
      const child = spawn("sleep", ["600"], { detached: true, stdio: "inherit" }); child.unref(); writeFileSync(${JSON.stringify(pidFile())}, String(child.pid));`;
    const start = performance.now();
    expect(await read(`${spawned} throw new Error("x");`)).toHaveProperty("problem");
    expect(performance.now() - start).toBeLessThan(10_000);
    process.kill(Number(await readFile(pidFile(), "utf-8")));
  });

  it("has the environment it has on Lambda, nothing of the developer's, and nobody who types", async () => {
    const source = `import { readFileSync } from "node:fs";
      const cwd = process.cwd(); const input = readFileSync(0, "utf-8");
      throw JSON.stringify([Object.keys(process.env).sort(), process.env.TZ, process.env.NODE_ENV, input, cwd === import.meta.dirname]);`;
    const { problem } = (await read(source)) as { problem: string };
    expect(JSON.parse(/\[.*\]/.exec(problem)?.[0] ?? "")).toEqual([
      ["AWS_DEFAULT_REGION", "AWS_LAMBDA_FUNCTION_NAME", "AWS_REGION", "DEFER_ENDPOINT", "DEFER_TOKEN"].concat([
        "LAMBDA_TASK_ROOT",
        "LANG",
        "NODE_ENV",
        "PATH",
        "TZ",
      ]),
      "UTC",
      "production",
      "",
      true,
    ]);
  });
});

describe("what the function says of itself", () => {
  it.each([
    ["concurrency: NaN", 'concurrency must be a number, not "NaN"'],
    ["retry: { maxAttempts: Infinity }", 'retry.maxAttempts must be a number, not "Infinity"'],
    ["maxDuration: 5n", 'maxDuration must be a number of seconds, not "5"'],
    ["cron: undefined", "the cron expression must be text, not null"],
  ])("is not lost on the way: %s", async (metadata, problem) => {
    expect(await read(deferred(metadata))).toMatchObject({ problem: expect.stringContaining(problem) });
  });

  it("goes by the name it had when it was deferred, by which the client enqueues it", async () => {
    const source = `const f = async () => {}; Object.defineProperty(f, "name", { value: "later" });
      export default Object.assign(() => {}, { __fn: f, __metadata: { name: "first", retry: ${retry} } });`;
    expect(await read(source)).toMatchObject({ name: "first" });
  });
});
