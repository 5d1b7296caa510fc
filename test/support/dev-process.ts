import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A run of `npm start` in a process of its own, as a user has it. */
export interface DevProcess {
  child: ChildProcess;
  /** All it has printed so far. */
  output(): string;
  /** Resolves with the first match in what it prints. */
  waitFor(pattern: RegExp, timeoutMs?: number): Promise<RegExpExecArray>;
  /** Ctrl-C; resolves with the exit code. */
  stop(): Promise<number | null>;
}

/** Starts `bin/cli.ts dev` with `args` on a free port. */
export function startDev(args: string[]): DevProcess {
  const environment = { ...process.env };
  for (const name of ["DEFER_TOKEN", "DEFER_ENDPOINT", "PORT"]) delete environment[name];
  const child = spawn(process.execPath, ["bin/cli.ts", "dev", "--port", "0", ...args], {
    cwd: root,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf-8").on("data", (text) => (output += text));
  const exited = once(child, "exit");
  return {
    child,
    output: () => output,
    async waitFor(pattern, timeoutMs = 60_000) {
      const end = Date.now() + timeoutMs;
      for (;;) {
        const match = pattern.exec(output);
        if (match) return match;
        if (Date.now() > end || child.exitCode !== null)
          throw new Error(`${pattern} did not come; printed:\n${output}`);
        await Promise.race([new Promise((resolve) => setTimeout(resolve, 20)), exited]);
      }
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGINT");
      await exited;
      return child.exitCode;
    },
  };
}

/** A first start on a busy machine: it synthesizes the app, and bundles the functions and the console. */
const FIRST_START_MS = 240_000;

/** Parses the ready line: the environment of an app that uses the service. */
export async function readyEnvironment(dev: DevProcess): Promise<{ DEFER_ENDPOINT: string; DEFER_TOKEN: string }> {
  const [, endpoint, token] = await dev.waitFor(
    /^ready {2}DEFER_ENDPOINT=(\S+) {2}DEFER_TOKEN=(\S+)$/m,
    FIRST_START_MS,
  );
  return { DEFER_ENDPOINT: endpoint ?? "", DEFER_TOKEN: token ?? "" };
}
