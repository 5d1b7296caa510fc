import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants } from "node:fs";
import { chown, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { hostPath } from "../../local/env.ts";
import { listen } from "../../local/listen.ts";
import { Missing } from "./peer.ts";

/** A database server of our own, in a folder of its own. */
export interface Server {
  port: number;
  stop(): Promise<void>;
}

const READY_MS = 30_000;

/** `nobody`: PostgreSQL refuses to be root's. */
const NOBODY = 65_534;

/** PostgreSQL with its own settings. @throws Missing */
export function startPostgres(): Promise<Server> {
  const [initdb, postgres] = [onPath("initdb"), onPath("postgres")];
  return inFolder(async (folder, identity) => {
    const data = join(folder, "data");
    execFileSync(initdb, ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"], {
      stdio: "ignore",
      cwd: folder,
      ...identity,
    });
    const port = await freePort();
    const settings = ["listen_addresses=127.0.0.1", `unix_socket_directories=${folder}`].flatMap((one) => ["-c", one]);
    const child = spawn(postgres, ["-D", data, "-p", String(port), ...settings], { cwd: folder, ...identity });
    return { child, port, ready: "ready to accept connections", stopBy: "SIGINT" };
  });
}

/** Redis that writes to its log once a second. @throws Missing */
export function startRedis(): Promise<Server> {
  const redis = onPath("redis-server");
  return inFolder(async (folder, identity) => {
    const port = await freePort();
    const settings = { port, bind: "127.0.0.1", dir: folder, appendonly: "yes", "maxmemory-policy": "noeviction" };
    const flags = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn(redis, [...flags, "--save", ""], { cwd: folder, ...identity });
    return { child, port, ready: "Ready to accept connections", stopBy: "SIGTERM" };
  });
}

interface Starting {
  child: ChildProcess;
  port: number;
  /** The line it writes when it is ready. */
  ready: string;
  stopBy: NodeJS.Signals;
}

async function inFolder(
  start: (folder: string, identity: { uid?: number; gid?: number }) => Promise<Starting>,
): Promise<Server> {
  const folder = await mkdtemp(join(tmpdir(), "epoque-bench-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const isRoot = process.getuid?.() === 0;
    if (isRoot) await chown(folder, NOBODY, NOBODY);
    const { child, port, ready, stopBy } = await start(folder, isRoot ? { uid: NOBODY, gid: NOBODY } : {});
    const ended = once(child, "exit");
    const kill = () => child.kill("SIGKILL");
    process.once("exit", kill);
    const stop = async () => {
      child.kill(stopBy);
      await ended;
      process.off("exit", kill);
      await remove();
    };
    if (!(await says(child, ready))) {
      await stop();
      throw new Error(`${child.spawnfile} did not start`);
    }
    return { port, stop };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function says(child: ChildProcess, text: string): Promise<boolean> {
  const ready = Promise.withResolvers<boolean>();
  // Read to the end: who writes into a full pipe stands still.
  for (const input of [child.stdout, child.stderr]) {
    if (input !== null) createInterface({ input }).on("line", (line) => line.includes(text) && ready.resolve(true));
  }
  child.once("exit", () => ready.resolve(false));
  const timer = setTimeout(() => ready.resolve(false), READY_MS);
  return ready.promise.finally(() => clearTimeout(timer));
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listen(server, 0);
  server.close();
  return port;
}

function onPath(program: string): string {
  for (const folder of hostPath().split(delimiter)) {
    const file = join(folder, program);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // In another one.
    }
  }
  throw new Missing(`there is no ${program} on PATH`);
}
