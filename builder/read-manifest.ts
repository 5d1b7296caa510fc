import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import module from "node:module";
import { dirname } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { loadEnvironment, placeholdersIn } from "./load-environment.ts";
import { type ManifestResult, parseManifest } from "./manifest.ts";
import type { ManifestReport } from "./manifest-child.ts";
import { SOURCE_EXTENSION } from "./source-extension.ts";

const child = fileURLToPath(new URL(`manifest-child${SOURCE_EXTENSION}`, import.meta.url));

/** Preloaded module that makes all but the temporary folder read-only, as on Lambda. */
const readOnlyFiles = new URL(`../local/runtime/read-only-files${SOURCE_EXTENSION}`, import.meta.url).href;

/** How long a module may take to load. */
const LOAD_SECONDS = 10;

/** How many characters of the module's output are shown with a problem: its end, which names the cause. */
const SHOWN_OUTPUT = 500;

/** How long to wait for the rest of the output: a detached process may hold it open. */
const OUTPUT_MS = 200;

/** Node's exit code when nothing is left that could end a top-level await. Source: Node's documentation, Exit codes. */
const UNSETTLED_AWAIT = 13;

/** Node prints it with that code, and names a file of ours. */
const NODES_WARNING = /Warning: Detected unsettled top-level await at .*$/s;

/** The processes that are loading a module now. */
const groups = new Set<number>();
process.on("exit", () => groups.forEach(endGroup));

export interface ReadManifestOptions {
  /** The user's variables. */
  variables?: Record<string, string>;
  loadSeconds?: number;
}

/**
 * Reads the manifest of a bundle by loading it in a process of its own, which has the function's environment, nothing
 * of this machine's, and ends with all it started as soon as the manifest is there.
 * @returns what is wrong and what to do, if it has no manifest that can be used
 */
export async function readManifest(
  bundle: string,
  file: string,
  { variables = {}, loadSeconds = LOAD_SECONDS }: ReadManifestOptions = {},
): Promise<ManifestResult> {
  const report = await load(bundle, variables, loadSeconds);
  if (!("problem" in report)) return parseManifest(report, file);
  const placeholders = placeholdersIn(variables);
  if (placeholders.length === 0) return report;
  return {
    ...report,
    problem: `${report.problem}; while it is built these are placeholders: ${placeholders.join(", ")}`,
  };
}

async function load(bundle: string, variables: Record<string, string>, loadSeconds: number): Promise<ManifestReport> {
  const loading = startLoading(bundle, variables);
  const { pid = 0 } = loading;
  groups.add(pid);
  const printed = outputOf(loading);
  const ended = once(loading, "exit").then(([code, signal]) => ({ problem: describeEnd(code, signal) }));
  const closed = once(loading, "close");
  const late = Promise.withResolvers<ManifestReport>();
  const timer = setTimeout(() => late.resolve({ problem: tooLong(`after ${loadSeconds} s`) }), loadSeconds * 1000);
  try {
    const report = await Promise.race([reportOf(loading, ended), late.promise]);
    if (!("problem" in report)) return report;
    endGroup(pid);
    await Promise.race([closed, sleep(OUTPUT_MS)]);
    const shown = printed()
      .replace(NODES_WARNING, "")
      .trim()
      .replaceAll(/\s*\n\s*/g, " | ");
    return shown === "" ? report : { ...report, problem: `${report.problem}; it printed: ${shown}` };
  } finally {
    clearTimeout(timer);
    endGroup(pid);
    await ended;
    groups.delete(pid);
    for (const stream of loading.stdio) stream?.destroy();
  }
}

function startLoading(bundle: string, variables: Record<string, string>): ChildProcess {
  const taskRoot = dirname(bundle);
  const compileCache = module.getCompileCacheDir();
  return spawn(process.execPath, ["--enable-source-maps", `--import=${readOnlyFiles}`, child, bundle], {
    // As on Lambda. What lies beside the user's sources is not there either.
    cwd: taskRoot,
    env: {
      ...loadEnvironment(variables, taskRoot),
      ...(compileCache !== undefined && { NODE_COMPILE_CACHE: compileCache }),
    },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
    // In a process group of its own, so that what it starts can be ended with it.
    detached: true,
  });
}

/** Returns its report; or how it ended, if it reported nothing. */
async function reportOf(loading: ChildProcess, ended: Promise<ManifestReport>): Promise<ManifestReport> {
  let received = "";
  for await (const chunk of loading.stdio[3] as Readable) {
    received += String(chunk);
    if (received.endsWith("\n")) return JSON.parse(received) as ManifestReport;
  }
  return ended;
}

function outputOf(loading: ChildProcess): () => string {
  let output = "";
  for (const stream of [loading.stdout, loading.stderr]) {
    stream?.setEncoding("utf-8").on("data", (chunk: string) => {
      output = (output + chunk).slice(-SHOWN_OUTPUT);
    });
  }
  return () => output;
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null): string {
  if (code === UNSETTLED_AWAIT) return tooLong("and waits for what never comes");
  return `its process ends while it is loaded (${signal ?? `exit code ${code}`}); do that at call time`;
}

function tooLong(how: string): string {
  return `it is still loading ${how}; do at call time what takes long`;
}

function endGroup(pid: number): void {
  // 0 would be our own group.
  if (pid === 0) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The whole group has ended.
  }
}
