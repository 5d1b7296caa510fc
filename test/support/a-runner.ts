import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { LogLine } from "../../lambdas/run/logs.ts";
import type * as Supervisor from "../../lambdas/run/supervisor.ts";

type Line = LogLine & { late?: true };

/** One attempt: arguments and limits, and where its lines go. */
export interface AttemptOptions {
  args?: unknown[];
  maxDurationSeconds?: number;
  maxLoadSeconds?: number;
  stop?: AbortSignal;
  onLine?: (line: Line) => void;
}

export type RunnerOptions = Partial<Supervisor.SupervisorOptions>;

const clock = { now: () => Date.now(), sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)) };

export const runnerEnvironment = { PATH: process.env["PATH"], TZ: "UTC", GREETING: "hello" };

/** The supervisor with its child beside it, bundled as they are deployed, in a folder of their own. */
export async function bundledSupervisor() {
  const folder = await mkdtemp(join(tmpdir(), "epoque-supervisor-"));
  await build({
    entryPoints: ["lambdas/run/supervisor.ts", "lambdas/run/child.ts"],
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
  });
  const { supervisor } = (await import(pathToFileURL(join(folder, "supervisor.mjs")).href)) as typeof Supervisor;

  /** Writes a module whose function has this body, after what the module itself does. */
  const moduleOf = async (body: string, before = ""): Promise<string> => {
    const file = join(await mkdtemp(join(folder, "function-")), "function.mjs");
    const source = `${before}\nconst __fn = async (...args) => { ${body} };
      export default Object.assign(() => {}, { __fn, __metadata: { name: "f" } });`;
    await writeFile(file, source);
    return file;
  };

  /** Runs attempts one after the other, as a Lambda does; returns outcome and lines of each. */
  const newRunner = (options: RunnerOptions = {}) => {
    const { prepare, run } = supervisor({ environment: () => runnerEnvironment, heapMegabytes: 64, ...options }, clock);
    const runOne = async (bundle: string, attempt: AttemptOptions = {}) => {
      const { outcome, logs } = await run(
        {
          bundle,
          arguments: JSON.stringify(attempt.args ?? []),
          token: "token",
          endpoint: "http://epoque.test",
          maxDurationSeconds: attempt.maxDurationSeconds ?? 10,
          maxLoadSeconds: attempt.maxLoadSeconds ?? 30,
          endByMs: Date.now() + 60_000,
          onLine: attempt.onLine ?? (() => {}),
        },
        attempt.stop ?? new AbortController().signal,
      );
      const lines = logs.split("\n").filter(Boolean);
      return { outcome, lines: lines.map((line) => (JSON.parse(line) as { line: string }).line) };
    };
    return Object.assign(runOne, { prepare });
  };

  return { folder, moduleOf, newRunner, remove: () => rm(folder, { recursive: true }) };
}
