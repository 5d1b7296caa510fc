import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../../harness/until.ts";
import type { Outcome } from "../../lambdas/core/attempt-error.ts";
import { type AttemptOptions, bundledSupervisor } from "../support/a-runner.ts";

// One execution never touches another: nothing that one leaves behind fails, changes or shows in the next.

let bundled: Awaited<ReturnType<typeof bundledSupervisor>>;

beforeAll(async () => {
  bundled = await bundledSupervisor();
});

afterAll(() => bundled.remove());

/**
 * A function that does `leave` in its first execution and `look` in the next ones, in one module with its own state.
 */
async function given(leave: string, look: string, before = "") {
  const module = await bundled.moduleOf(
    `calls += 1; if (args[0] === "leave") { ${leave} } else { ${look} }`,
    `let calls = 0; const sleep = (ms) => new Promise((done) => setTimeout(done, ms));\n${before}`,
  );
  const run = bundled.newRunner();
  const late: string[] = [];
  const onLine: AttemptOptions["onLine"] = ({ line, late: isLate }) => void (isLate && late.push(line));
  return {
    leave: () => run(module, { args: ["leave"], onLine }),
    look: () => run(module, { args: ["look"] }),
    late,
  };
}

/**
 * Returns whether most of five executions had a process that was used before. One that is slow to end what it was left
 * may have been replaced.
 */
async function staysWarm(look: () => Promise<{ outcome: Outcome }>): Promise<boolean> {
  let reused = 0;
  for (let looks = 0; looks < 5; looks++) {
    const { outcome } = await look();
    expect(outcome).toMatchObject({ state: "succeed" });
    if ("result" in outcome && Number(outcome.result) > 1) reused += 1;
  }
  return reused >= 3;
}

describe("what an execution changes in its process", () => {
  it.each([
    ["process.env", 'process.env.TENANT = "acme"', "process.env.TENANT ?? null", null],
    ["a variable that was set for it", 'process.env.GREETING = "bye"', "process.env.GREETING", "hello"],
    ["a variable that it removes", "delete process.env.GREETING", "process.env.GREETING", "hello"],
    ["process.env as a whole", "process.env = {}", "process.env.GREETING", "hello"],
    ["the working directory", 'process.chdir("/")', 'process.cwd() === "/"', false],
    ["the umask", "process.umask(0o777)", "process.umask() === 0o777", false],
    ["the exit code", "process.exitCode = 1", "process.exitCode ?? null", null],
    ["a global", 'globalThis.user = "ada"', "globalThis.user ?? null", null],
    ["a global of Node", "globalThis.fetch = () => 1", "fetch.length > 0 || fetch() !== 1", true],
    ["the time", "Date.now = () => 0", "Date.now() > 0", true],
    ["Date itself", "globalThis.Date = class extends Date {}", "Date.name", "Date"],
    ["a prototype", "Array.prototype.last = () => 1", "typeof [].last", "undefined"],
    ["an object's prototype", "Object.prototype.polluted = 1", "({}).polluted ?? null", null],
    [
      "a method under a symbol",
      "Array.prototype[Symbol.toPrimitive] = () => 1",
      "typeof [][Symbol.toPrimitive]",
      "undefined",
    ],
    ["a frozen prototype", "Object.freeze(Array.prototype)", "Object.isFrozen(Array.prototype)", false],
    ["how deep stacks are", "Error.stackTraceLimit = 0", "Error.stackTraceLimit", 10],
    [
      "a capture of exceptions",
      "process.setUncaughtExceptionCaptureCallback(() => {})",
      "process.hasUncaughtExceptionCaptureCallback()",
      false,
    ],
    ["Math", "Math.random = () => 0.5", "Math.random() === 0.5", false],
    ["the console", "console.log = () => {}", "console.log.name", "log"],
    ["standard output", "process.stdout.write = () => true", "console.log('heard') ?? null", null],
    [
      "Node's file system",
      'process.getBuiltinModule("fs").readFileSync = () => "x"',
      'process.getBuiltinModule("fs").readFileSync("/dev/null", "utf-8")',
      "",
    ],
  ])("is not seen by the next one: %s", async (_, change, look, expected) => {
    const { leave, look: lookAfter } = await given(change, `return ${look}`);
    expect((await leave()).outcome.state).toBe("succeed");
    expect((await lookAfter()).outcome).toEqual({ state: "succeed", result: JSON.stringify(expected) });
  });

  it("is gone with the module's own state, which stays otherwise", async () => {
    const changed = await given("globalThis.user = 1", "return calls");
    await changed.leave();
    expect((await changed.look()).outcome).toMatchObject({ result: "1" });
    expect((await changed.look()).outcome).toMatchObject({ result: "2" });
  });

  it("leaves what the module did while it was loaded alone", async () => {
    const before =
      'process.env.LOADED = "yes"; globalThis.shared = 1; process.on("exit", () => {}); setInterval(() => {}, 1e6);';
    const { leave, look } = await given("", "return [calls, process.env.LOADED, shared]", before);
    await leave();
    expect((await look()).outcome).toMatchObject({ result: '[2,"yes",1]' });
  });

  it("may be a listener of process, which is removed", async () => {
    const { leave, look } = await given(
      'process.on("uncaughtException", () => {}); process.once("exit", () => console.log("the former one"));',
      'return [calls, process.listenerCount("uncaughtException"), process.listenerCount("exit")]',
    );
    await leave();
    expect((await look()).outcome).toMatchObject({ result: "[2,1,0]" });
  });
});

describe("what an execution leaves running", () => {
  const slow = 'for (let n = 0; n < 6; n++) { await sleep(50); console.log("slow", n); } return calls;';
  const ownLines = [0, 1, 2, 3, 4, 5].map((n) => `slow ${n}`);

  it.each([
    ["a timer that throws", 'setTimeout(() => { console.log("late"); throw new Error("nobody caught this"); }, 100)'],
    [
      "a timer that does not keep the process alive",
      'setTimeout(() => { console.log("late"); throw 1; }, 100).unref()',
    ],
    ["a late rejection", 'void sleep(100).then(() => Promise.reject(new Error("lost")))'],
    ["a late process.exit", "setTimeout(() => process.exit(5), 100).unref()"],
    ["a late process.exit within a try", "setTimeout(() => { try { process.exit(5) } catch {} }, 100).unref()"],
    ["a late abort", "setTimeout(() => process.abort(), 100).unref()"],
    ["a late signal to itself", 'setTimeout(() => process.kill(process.pid, "SIGKILL"), 100).unref()'],
    ["an interval", 'setInterval(() => console.log("still here"), 20)'],
    ["an interval that does not keep the process alive", 'setInterval(() => console.error("still here"), 20).unref()'],
    ["an endless loop to come", "setTimeout(() => { for (;;); }, 100)"],
    ["an endless loop that runs already", "setImmediate(() => { for (;;); })"],
    ["a heap that grows", "setInterval(() => (globalThis.all ??= []).push(new Array(1e6).fill(1)), 5)"],
    ["a change to come", "setTimeout(() => process.chdir('/'), 100)"],
    [
      "a worker thread",
      `new (await import("node:worker_threads")).Worker('setInterval(() => console.log("w"), 20)', { eval: true })`,
    ],
    [
      "a child process that writes",
      `(await import("node:child_process")).spawn("sh", ["-c", "while sleep 0.02; do echo late; done"], { stdio: "inherit" })`,
    ],
    [
      "a server",
      'await new Promise(async (done) => (await import("node:net")).createServer(() => {}).listen(0, done))',
    ],
    ["a failed connection nobody hears of", '(await import("node:net")).connect(1, "127.0.0.1")'],
  ])("does not disturb the next one: %s", async (_, leave) => {
    const executions = await given(leave, slow);
    expect((await executions.leave()).outcome.state).toBe("succeed");
    const { outcome, lines } = await executions.look();
    expect(outcome).toMatchObject({ state: "succeed" });
    expect(lines).toEqual(ownLines);
  });

  it("is told with the execution it belongs to", async () => {
    const { leave, look, late } = await given(
      'setTimeout(() => { console.log("a late line"); process.stdout.write("no end"); throw new RangeError("too far"); }, 20).unref()',
      slow,
    );
    await leave();
    expect(await staysWarm(look)).toBe(true);
    await until(
      () => late.join("\n"),
      (text) => /a late line\nno end\n(.*\n)*.*RangeError: too far/.test(text),
    );
  });

  it("may be a pool of connections, which stays, and serves callbacks of the next one", async () => {
    const pool = `import net from "node:net"; let socket;
      const server = net.createServer((peer) => peer.on("data", (data) => peer.write(data)).on("error", () => {})).listen(0).unref();
      const ask = (text) => new Promise((done) => { socket.once("data", (data) => { console.log("got", String(data)); done(); }); socket.write(text); });`;
    const { leave, look } = await given(
      'await new Promise((done) => { socket = net.connect(server.address().port, done); socket.idle = setTimeout(() => {}, 1e6); }); await ask("first");',
      'await ask("second"); return calls;',
      pool,
    );
    expect((await leave()).lines).toEqual(["got first"]);
    expect(await look()).toEqual({ outcome: { state: "succeed", result: "2" }, lines: ["got second"] });
  });

  it("may be short: what ends by itself costs no new process", async () => {
    const { leave, look } = await given(
      '(await import("node:fs")).readFile("/proc/version", () => {}); sleep(5);',
      "return calls",
    );
    await leave();
    expect(await staysWarm(look)).toBe(true);
  });
});

describe("an ordinary function", () => {
  const server = `import http from "node:http"; import { promisify } from "node:util"; import { setTimeout as wait } from "node:timers/promises";
    const server = http.createServer((request, response) => response.end("hello")).listen(0).unref();
    const url = () => "http://127.0.0.1:" + server.address().port;`;

  it.each([
    ["fetches", "await (await fetch(url())).text()"],
    ["fetches with a limit", "await (await fetch(url(), { signal: AbortSignal.timeout(1e6) })).text()"],
    ["asks by http", 'await new Promise((done) => http.get(url(), (answer) => answer.resume().on("end", done)))'],
    [
      "waits",
      "await sleep(1); await wait(1); setTimeout(() => {}, 1e6).unref(); clearTimeout(setTimeout(() => {}, 1e6));",
    ],
    [
      "reads and writes files",
      'const fs = await import("node:fs/promises"); await fs.writeFile(import.meta.filename + ".x", "x"); await fs.readFile(import.meta.filename);',
    ],
    ["runs a program", 'const { exec } = await import("node:child_process"); await promisify(exec)("true");'],
    ["compresses", 'const { gzip } = await import("node:zlib"); await promisify(gzip)("x");'],
    [
      "runs a worker to its end",
      `const { Worker } = await import("node:worker_threads"); await new Promise((done) => new Worker("", { eval: true }).on("exit", done));`,
    ],
    [
      "reads lazy globals",
      "new Headers(); new FormData(); crypto.randomUUID(); performance.now(); navigator.hardwareConcurrency; new WebSocket('ws://127.0.0.1:1').addEventListener('error', () => {})",
    ],
    ["fails", "if (args[0] === 'leave') throw new Error('no')"],
  ])("is warm the next time: %s", async (_, work) => {
    const { leave, look } = await given(work, `${work}; return calls`, server);
    await leave();
    expect(await staysWarm(look)).toBe(true);
  });
});

describe("a module that failed to load", () => {
  it.each([
    [
      "once",
      `const fs = await import("node:fs"); const file = import.meta.filename + ".seen";
      if (!fs.existsSync(file)) { fs.writeFileSync(file, ""); throw new Error("the network is away"); }`,
    ],
    [
      "in a top-level await",
      `const fs = await import("node:fs"); const file = import.meta.filename + ".seen";
      if (!fs.existsSync(file)) { fs.writeFileSync(file, ""); await Promise.reject(new Error("the network is away")); }`,
    ],
  ])("%s is loaded again in a new process", async (_, before) => {
    const { leave, look } = await given("", "return calls", before);
    expect((await leave()).outcome).toMatchObject({
      state: "failed",
      errorCode: "ER0000",
      error: { message: "the network is away" },
    });
    expect((await look()).outcome).toEqual({ state: "succeed", result: "1" });
  });

  it("in time says so, and that time is not the function's", async () => {
    const never = await bundled.moduleOf("return 1", "await new Promise(() => setInterval(() => {}, 1e6));");
    const run = bundled.newRunner();
    expect((await run(never, { maxLoadSeconds: 0.5 })).outcome).toMatchObject({
      state: "failed",
      errorCode: "ER0001",
      error: { message: expect.stringMatching(/^its module was still loading after 0\.5 seconds/) },
    });
    const slowly = await bundled.moduleOf("return 1", "await new Promise((done) => setTimeout(done, 600));");
    expect((await run(slowly, { maxDurationSeconds: 0.5 })).outcome).toEqual({ state: "succeed", result: "1" });
  });
});

describe("config.fresh", () => {
  it("gives every attempt a new process", async () => {
    const module = await bundled.moduleOf("return ++calls", "let calls = 0;");
    const run = bundled.newRunner({ fresh: true });
    expect([await run(module), await run(module)]).toMatchObject([
      { outcome: { result: "1" } },
      { outcome: { result: "1" } },
    ]);
  });
});

describe("a child process of an execution", () => {
  it.each([
    ["in a session of its own, with an empty environment", "", ""],
    ["of one that exits", "", "process.exit(1);"],
    ["of one that runs to the end of its time", "", "for (;;);"],
    [
      "that has lost its parent",
      '"sh", ["-c", "sleep 600 & echo $!"], { detached: true, env: {}, stdio: ["ignore", "pipe", "ignore"] }',
      "",
    ],
  ])("ends with it: %s", async (_, orphan, end) => {
    const spawn =
      orphan === ""
        ? 'console.log(spawn("sleep", ["600"], { detached: true, env: {}, stdio: "ignore" }).pid);'
        : `await new Promise((done) => spawn(${orphan}).stdout.on("data", (pid) => { console.log(String(pid)); done(); }));`;
    const module = await bundled.moduleOf(`${spawn} ${end}`, 'import { spawn } from "node:child_process";');
    const { lines } = await bundled.newRunner()(module, { maxDurationSeconds: 1 });
    const pid = Number(lines[0]);
    expect(pid).toBeGreaterThan(1);
    await until(
      () => isAlive(pid),
      (alive) => !alive,
    );
  });
});

async function isAlive(pid: number): Promise<boolean> {
  const { readFile } = await import("node:fs/promises");
  // A process that has ended and is not reaped yet has no command line any more.
  return (await readFile(`/proc/${pid}/cmdline`, "utf-8").catch(() => "")) !== "";
}
