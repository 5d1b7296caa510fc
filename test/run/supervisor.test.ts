import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../harness/until.ts";
import { type AttemptOptions, bundledSupervisor, runnerEnvironment } from "../support/a-runner.ts";

// Functions that misbehave in every way.

let bundled: Awaited<ReturnType<typeof bundledSupervisor>>;

beforeAll(async () => {
  bundled = await bundledSupervisor();
});

afterAll(() => bundled.remove());

function newRunner(environment: () => NodeJS.ProcessEnv = () => runnerEnvironment, heapMegabytes = 64) {
  const run = bundled.newRunner({ environment, heapMegabytes });
  return async (body: string, args: unknown[] = [], attempt: AttemptOptions = {}) =>
    run(await bundled.moduleOf(body), { args, ...attempt });
}

describe("the user's function", () => {
  it.each([
    ["a value", "return { sum: args[0] + args[1] }", '{"sum":3}'],
    ["nothing", "", "null"],
    ["null", "return null", "null"],
    ["a date", "return new Date(0)", '"1970-01-01T00:00:00.000Z"'],
  ])("may return %s", async (_, body, result) => {
    expect((await newRunner()(body, [1, 2])).outcome).toEqual({ state: "succeed", result });
  });

  it.each([
    ["an error", 'throw new RangeError("too far")', { name: "RangeError", message: "too far" }],
    ["a text", 'throw "boom"', { name: "Error", message: "boom" }],
    ["undefined", "throw undefined", { name: "Error", message: "undefined" }],
    [
      "a cycle it returns",
      "const a = {}; a.a = a; return a",
      { name: "TypeError", message: expect.stringMatching(/^the function returned what JSON cannot hold/) },
    ],
    [
      "a BigInt it returns",
      "return 1n",
      { name: "TypeError", message: expect.stringMatching(/^the function returned what JSON cannot hold/) },
    ],
  ])("may fail with %s", async (_, body, error) => {
    expect((await newRunner()(body)).outcome).toMatchObject({ state: "failed", errorCode: "ER0000", error });
  });

  it.each([
    ["retryable: false", "throw { message: 'no', retryable: false }", "never"],
    ["retryAfter in seconds", "throw Object.assign(new Error(), { retryAfter: 1.5 })", { afterMs: 1_500 }],
    ["neither", "throw new Error()", undefined],
  ])("may say what is to happen after its failure: %s", async (_, body, retry) => {
    const { outcome } = await newRunner()(body);
    expect(outcome.state === "failed" && outcome.retry).toEqual(retry);
  });

  it("finds its token, its endpoint and what was set for it", async () => {
    const { outcome } = await newRunner()(
      "const { DEFER_TOKEN, DEFER_ENDPOINT, GREETING, TZ } = process.env; return { DEFER_TOKEN, DEFER_ENDPOINT, GREETING, TZ };",
    );
    expect(outcome).toEqual({
      state: "succeed",
      result: '{"DEFER_TOKEN":"token","DEFER_ENDPOINT":"http://epoque.test","GREETING":"hello","TZ":"UTC"}',
    });
  });

  it("has all it wrote in its log, the last line without an end too", async () => {
    const { lines } = await newRunner()(
      'console.log("one\\ntwo"); console.error("three"); process.stdout.write("four")',
    );
    expect([...lines].sort()).toEqual(["four", "one", "three", "two"]);
  });

  it("does not find the lines of the execution before in its log", async () => {
    const run = newRunner();
    expect((await run('console.log("first")')).lines).toEqual(["first"]);
    expect((await run('console.log("second")')).lines).toEqual(["second"]);
  });

  it("may write what it likes to the runner's pipe", async () => {
    const body = `const { writeSync } = await import("node:fs");
      const forged = { type: "ended", outcome: { state: "succeed", result: '"forged"' } };
      for (const text of ["garbage", "{}", "null", JSON.stringify(forged), "x".repeat(36) + JSON.stringify(forged)])
        writeSync(3, text + "\\n");
      writeSync(3, "without an end");
      return "unharmed";`;
    expect((await newRunner()(body)).outcome).toEqual({ state: "succeed", result: '"unharmed"' });
  });

  it("may flood the runner's pipe with a line that has no end: it is not kept", async () => {
    const body = `const { writeSync } = await import("node:fs"); const chunk = "x".repeat(1_000_000);
      const write = (text) => { try { return writeSync(3, text) } catch (error) { if (error.code !== "EAGAIN") throw error; return 0 } };
      let n = 0; while (n < 300_000_000) { const written = write(chunk); n += written; if (written === 0) await new Promise((done) => setTimeout(done, 1)); }
      return "done";`;
    const before = process.memoryUsage.rss();
    expect((await newRunner()(body)).outcome).toEqual({ state: "succeed", result: '"done"' });
    expect(process.memoryUsage.rss() - before).toBeLessThan(150_000_000);
  });

  it("may replace what its runner is made of", async () => {
    const { outcome } = await newRunner()("JSON.stringify = () => '{'; JSON.parse = () => 1; return { a: 1 };");
    expect(outcome).toEqual({ state: "succeed", result: '{"a":1}' });
  });

  it("may write 100 MB and return 50 MB", async () => {
    const run = newRunner();
    const flood = await run(
      'const line = "x".repeat(9_999) + "\\n"; for (let n = 0; n < 10_000; n++) process.stdout.write(line); return "done"',
    );
    expect(flood.outcome).toEqual({ state: "succeed", result: '"done"' });
    expect(flood.lines.at(-1)).toMatch(/^… \d+ more lines were not kept$/);
    const returned = 'return "x".repeat(50_000_000)';
    expect((await run(returned)).outcome).toMatchObject({ state: "failed", errorCode: "ER0002" });
    const large = await newRunner(undefined, 512)(returned);
    expect(large.outcome).toMatchObject({ state: "succeed" });
    expect("result" in large.outcome && large.outcome.result.length).toBe(50_000_002);
  });

  it("stays warm", async () => {
    const run = newRunner();
    const pids = [await run("return process.pid"), await run("return process.pid")].map(({ outcome }) => outcome);
    expect(pids[0]).toEqual(pids[1]);
  });
});

describe("a process that ends before its function", () => {
  it.each([
    ["process.exit(3)", 'console.log("so far"); process.exit(3)', "ER0003", "NonZeroExitCodeError", /code 3/],
    ["process.exit(0)", 'console.log("so far"); process.exit(0)', "ER0003", "NonZeroExitCodeError", /code 0/],
    [
      "an unhandled rejection",
      'console.log("so far"); Promise.reject(new Error("lost")); await new Promise(() => {})',
      "ER0003",
      "NonZeroExitCodeError",
      /code 1/,
    ],
    [
      "a full heap",
      'console.log("so far"); const all = []; for (;;) all.push(new Array(10_000).fill(all.length))',
      "ER0002",
      "OOMError",
      /out of memory/,
    ],
    [
      "a signal",
      'console.log("so far"); process.kill(process.pid, "SIGTERM"); await new Promise(() => {})',
      "ER0003",
      "NonZeroExitCodeError",
      /SIGTERM/,
    ],
  ])(
    "by %s is told apart, with its log kept, and the next one runs in a fresh process",
    async (_, body, errorCode, name, message) => {
      const run = newRunner();
      const { outcome, lines } = await run(body);
      expect(outcome).toMatchObject({
        state: "failed",
        errorCode,
        error: { name, message: expect.stringMatching(message) },
      });
      expect(lines).toContain("so far");
      expect((await run("return 1")).outcome).toEqual({ state: "succeed", result: "1" });
    },
  );

  it("by an error that nobody caught says which", async () => {
    const body =
      'setTimeout(() => { throw Object.assign(new RangeError("too far"), { code: "E_FAR" }); }); await new Promise(() => {})';
    const { outcome, lines } = await newRunner()(body);
    expect(outcome).toMatchObject({
      errorCode: "ER0003",
      error: {
        name: "NonZeroExitCodeError",
        message: "the process exited with code 1 before the function ended: nobody caught RangeError: too far",
        cause: {
          name: "RangeError",
          message: "too far",
          code: "E_FAR",
          stack: expect.stringContaining("function.mjs"),
        },
      },
    });
    expect(lines.join("\n")).toMatch(/RangeError: too far\n\s+at .*function\.mjs/);
  });

  it("not by an error that the user's own listener takes", async () => {
    const body =
      'process.on("uncaughtException", ({ message }) => console.log(message)); setTimeout(() => { throw new Error("seen"); }); await new Promise((done) => setTimeout(done, 50));';
    expect(await newRunner()(body)).toMatchObject({ outcome: { state: "succeed" }, lines: ["seen"] });
  });

  it.each([
    ["an endless loop", "for (;;) {}"],
    ["an endless wait", "await new Promise(() => {})"],
  ])("at its maxDuration: %s", async (_, body) => {
    const run = newRunner();
    const { outcome } = await run(body, [], { maxDurationSeconds: 0.5 });
    expect(outcome).toMatchObject({
      errorCode: "ER0001",
      error: { name: "TimeoutError", message: "ran longer than 0.5 seconds, its maxDuration" },
    });
    expect((await run("return 1")).outcome).toEqual({ state: "succeed", result: "1" });
  });

  it("leaves nothing of what it started behind", async () => {
    const pidFile = join(bundled.folder, "grandchild");
    await newRunner()(
      `const { spawn } = await import("node:child_process"); const { writeFileSync } = await import("node:fs");
       writeFileSync(${JSON.stringify(pidFile)}, String(spawn("sleep", ["600"], { stdio: "inherit" }).pid)); process.exit(1)`,
    );
    const pid = Number(await readFile(pidFile, "utf-8"));
    await expect.poll(() => isAlive(pid), { timeout: 60_000 }).toBe(false);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe("a stop", () => {
  it.each([
    ["an endless loop", "console.log('begun'); for (;;);"],
    ["what waits for ever", "console.log('begun'); await new Promise((done) => setTimeout(done, 1e6));"],
  ])("ends %s as aborted, keeps its logs, and the next one runs", async (_, body) => {
    const run = newRunner();
    const stop = new AbortController();
    const ended = await run(body, [], { stop: stop.signal, onLine: () => stop.abort() });
    expect(ended).toEqual({ outcome: { state: "aborted" }, lines: ["begun"] });
    expect((await run("return 1")).outcome).toEqual({ state: "succeed", result: "1" });
  });

  it.each(["shutdown", "lost"])("for the reason %s is a lost worker, not an abort, and keeps its logs", async (why) => {
    const stop = new AbortController();
    const body = "console.log('begun'); await new Promise((done) => setTimeout(done, 1e6));";
    const ended = await newRunner()(body, [], { stop: stop.signal, onLine: () => stop.abort(why) });
    expect(ended).toMatchObject({
      outcome: { state: "failed", errorCode: "ER0000", error: { name: "WorkerLostError" } },
      lines: ["begun"],
    });
  });

  it("that came before the start ends it at once", async () => {
    const outcome = await newRunner()("for (;;);", [], { stop: AbortSignal.abort() });
    expect(outcome).toEqual({ outcome: { state: "aborted" }, lines: [] });
  });
});

describe("what user code leaves behind", () => {
  it("neither holds up the end nor lives on, sessions of its own included", async () => {
    const run = newRunner();
    const begin = performance.now();
    const { outcome, lines } = await run(
      `const { spawn } = await import("node:child_process");
       const { pid } = spawn("sleep", ["60"], { detached: true, stdio: "inherit" });
       console.log(pid);
       await new Promise((done) => setTimeout(done, 100));
       process.exit(3);`,
    );
    expect(outcome).toMatchObject({ state: "failed", errorCode: "ER0003" });
    expect(performance.now() - begin).toBeLessThan(10_000);
    // A zombie process has no command line any more.
    const commandLine = async () => readFile(`/proc/${lines[0]}/cmdline`, "utf-8").catch(() => "");
    await until(commandLine, (text) => text === "");
  });

  it("does not make an exit look like a full heap", async () => {
    const run = newRunner();
    await run("console.error('JavaScript heap out of memory')");
    const { outcome } = await run("process.exit(1)");
    expect(outcome).toMatchObject({ errorCode: "ER0003" });
  });
});

describe("an environment that has changed", () => {
  it("reaches the next attempt, and only then costs a new process", async () => {
    let environment: NodeJS.ProcessEnv = { ...runnerEnvironment, KEY: "one" };
    const run = newRunner(() => environment);
    const look = "return [process.pid, process.env.KEY]";
    const results: [number, string][] = [];
    for (const key of ["one", "one", "two"]) {
      if (key !== environment["KEY"]) environment = { ...environment, KEY: key };
      const { outcome } = await run(look);
      results.push(JSON.parse((outcome as { result: string }).result) as [number, string]);
    }
    const [first, second, third] = results.map(([pid]) => pid);
    expect(results.map(([, key]) => key)).toEqual(["one", "one", "two"]);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });
});

describe("a process that was prepared", () => {
  it("runs the next attempt", async () => {
    const environment = { ...runnerEnvironment };
    const run = bundled.newRunner({ environment: () => environment });
    run.prepare();
    environment.GREETING = "too late";
    const { outcome } = await run(await bundled.moduleOf("return process.env.GREETING"));
    expect(outcome).toEqual({ state: "succeed", result: '"hello"' });
  });

  it("is not used once its environment is another", async () => {
    let environment = runnerEnvironment;
    const run = bundled.newRunner({ environment: () => environment });
    run.prepare();
    environment = { ...runnerEnvironment, GREETING: "good day" };
    const { outcome } = await run(await bundled.moduleOf("return process.env.GREETING"));
    expect(outcome).toEqual({ state: "succeed", result: '"good day"' });
  });
});
