import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, it } from "vitest";
import { until } from "../../harness/until.ts";
import { aFunction, anApi } from "./support/an-assembly.ts";
import { isAlive } from "./support/processes.ts";
import { runCloud } from "./support/run-cloud.ts";

/** Starts a cloud with one function behind every path of its API. */
const runFunction = (code: string, properties: Record<string, unknown> = {}) =>
  runCloud({ resources: { F: aFunction("f", properties), ...anApi("F", "$default") }, code: { f: code } });

type Running = Awaited<ReturnType<typeof runFunction>>;

const call = (it: Running, path = "/") => fetch(it.cloud.apiEndpoint + path);

/** Returns the state of a process on Linux: `T` is stopped. */
const stateOf = (pid: number) => /\) (\w)/.exec(readFileSync(`/proc/${pid}/stat`, "utf-8"))?.[1];

describe("a Lambda function", () => {
  it("leaves its compiled code beside its assembly, for the processes after it", async ({ expect }) => {
    await using it = await runFunction("export const handler = async () => process.env.LAMBDA_TASK_ROOT");
    const root = await (await call(it)).text();
    const kept = () => readdirSync(join(dirname(root), "compile-cache"), { recursive: true, withFileTypes: true });
    const files = await until(kept, (entries) => entries.some((entry) => entry.isFile()));
    expect(files.filter((entry) => entry.isFile()).length).toBeGreaterThan(1);
  });

  it("has the environment of its template and of Lambda, and nothing of this process", async ({ expect }) => {
    process.env["LEAK"] = "1";
    await using it = await runFunction(
      "export const handler = async (event, context) => ({ env: process.env, context, left: context.getRemainingTimeInMillis(), send: typeof process.send })",
      { Environment: { Variables: { OWN: "x" } }, MemorySize: 256 },
    );
    const { env = {}, context, left, send } = (await (await call(it)).json()) as Record<string, never>;
    delete process.env["LEAK"];
    expect(Object.keys(env).sort()).toEqual([
      "AWS_ACCESS_KEY_ID",
      "AWS_DEFAULT_REGION",
      "AWS_ENDPOINT_URL",
      "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
      "AWS_LAMBDA_FUNCTION_NAME",
      "AWS_LAMBDA_FUNCTION_VERSION",
      "AWS_LAMBDA_LOG_GROUP_NAME",
      "AWS_LAMBDA_LOG_STREAM_NAME",
      "AWS_REGION",
      "AWS_SECRET_ACCESS_KEY",
      "AWS_SESSION_TOKEN",
      "LAMBDA_TASK_ROOT",
      "LANG",
      "OWN",
      "PATH",
      "TZ",
      "_HANDLER",
    ]);
    expect(env).toMatchObject({
      OWN: "x",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_ENDPOINT_URL: it.cloud.gatewayEndpoint,
    });
    expect(context).toMatchObject({
      functionName: "f",
      invokedFunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:f",
      memoryLimitInMB: "256",
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(left).toBeGreaterThan(9_000);
    expect(left).toBeLessThanOrEqual(10_000);
    expect(send).toBe("undefined");
  });

  it("is killed at its timeout with its descendants, also in other sessions", async ({ expect }) => {
    await using it = await runFunction(
      `import { spawn } from "node:child_process";
       export const handler = () => {
         const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
         const orphaner = spawn("/bin/sh", ["-c", "setsid sleep 300 & echo $!"], { stdio: ["ignore", "pipe", "ignore"] });
         orphaner.stdout.on("data", (pid) => console.log("pids " + [process.pid, child.pid, Number(pid)].join(" ")));
         return new Promise(() => {});
       };`,
      { Timeout: 1 },
    );
    expect((await call(it)).status).toBe(500);
    expect(it.lines.join("\n")).toContain("Task timed out after 1.00 seconds");
    const pids =
      it.lines
        .find((line) => line.startsWith("pids"))
        ?.split(" ")
        .slice(1)
        .map(Number) ?? [];
    expect(pids).toHaveLength(3);
    await until(
      () => pids.filter(isAlive),
      (alive) => alive.length === 0,
    );
  });

  it("is frozen between events, with its descendants", async ({ expect }) => {
    await using it = await runFunction(
      `import { spawn } from "node:child_process";
       const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 10)"], { detached: true });
       export const handler = async () => [process.pid, child.pid];`,
    );
    const pids = async () => (await (await call(it)).json()) as number[];
    const first = await pids();
    await until(
      () => first.map(stateOf),
      (states) => states.every((state) => state === "T"),
    );
    expect(await pids()).toEqual(first);
  });

  it("answers an error with 500, and continues in the same process", async ({ expect }) => {
    await using it = await runFunction(
      `let calls = 0;
       export const handler = async ({ rawPath }) => {
         calls += 1;
         if (rawPath === "/throw") throw new TypeError("oh no");
         return { calls, pid: process.pid };
       };`,
    );
    expect((await call(it, "/throw")).status).toBe(500);
    expect(it.lines.join("\n")).toMatch(/"errorType":"TypeError","errorMessage":"oh no"/);
    expect(await (await call(it)).json()).toMatchObject({ calls: 2 });
  });

  it("that exits fails, and the next event gets a new process", async ({ expect }) => {
    await using it = await runFunction(
      `let calls = 0;
       export const handler = async ({ rawPath }) => {
         if (rawPath === "/exit") process.exit(3);
         return { calls: ++calls };
       };`,
    );
    expect((await call(it, "/exit")).status).toBe(500);
    expect(await (await call(it)).json()).toEqual({ calls: 1 });
  });

  it("that cannot be loaded fails every event, and logs the reason", async ({ expect }) => {
    await using it = await runFunction("throw new Error('bad start'); export const handler = 1;");
    expect((await call(it)).status).toBe(500);
    expect((await call(it)).status).toBe(500);
    expect(it.lines.filter((line) => line.includes("bad start")).length).toBeGreaterThanOrEqual(2);
  });

  it("runs several events at once, each in its own process", async ({ expect }) => {
    await using it = await runFunction(
      "export const handler = async () => { await new Promise((resolve) => setTimeout(resolve, 300)); return process.pid; }",
    );
    const pids = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map(async () => (await call(it)).text()));
    expect(pids).toHaveLength(8);
    expect(new Set(pids).size).toBeGreaterThan(1);
  });

  it("returns at most 6 MB", async ({ expect }) => {
    await using it = await runFunction(
      `export const handler = async ({ rawPath }) => ({ statusCode: 200, body: "x".repeat(rawPath === "/big" ? 6291456 : 6000000) })`,
    );
    expect((await (await call(it)).text()).length).toBe(6_000_000);
    expect((await call(it, "/big")).status).toBe(500);
  });
});
