import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type FunctionManifest, parseMetadata } from "./manifest.ts";
import type { ManifestReport } from "./manifest-child.ts";
import { searchPath } from "./search-path.ts";

const child = fileURLToPath(new URL("manifest-child.ts", import.meta.url));

/** How long a module may take to load. */
const LOAD_SECONDS = 10;

/** Of what the module printed, as much is shown with a problem. */
const SHOWN_OUTPUT = 500;

/**
 * The manifest of a bundle, read by loading it in a process of its own, which knows nothing of this machine's
 * environment and ends, with all it started, as soon as the manifest is there.
 * @returns what is wrong and what to do, if it has no manifest that can be used
 */
export async function readManifest(
  bundle: string,
  file: string,
  loadSeconds = LOAD_SECONDS,
): Promise<FunctionManifest | { problem: string }> {
  const report = await load(bundle, loadSeconds);
  return "problem" in report ? report : parseMetadata(report.metadata, file);
}

async function load(bundle: string, loadSeconds: number): Promise<ManifestReport> {
  const loading = startLoading(bundle);
  let output = "";
  for (const stream of [loading.stdout, loading.stderr]) {
    stream?.setEncoding("utf-8").on("data", (text: string) => {
      output = (output + text).slice(0, SHOWN_OUTPUT);
    });
  }
  const exited = once(loading, "exit");
  const late = Promise.withResolvers<ManifestReport>();
  const timer = setTimeout(
    () => late.resolve({ problem: `it is still loading after ${loadSeconds} s; do at call time what takes long` }),
    loadSeconds * 1000,
  );
  const report = await Promise.race([
    once(loading, "message").then(([message]) => message as ManifestReport),
    exited.then(([code, signal]) => ({
      problem: `its process ends while it is loaded (${signal ?? `exit code ${code}`}); do that at call time`,
    })),
    late.promise,
  ]);
  clearTimeout(timer);
  endGroup(loading.pid);
  await exited;
  const printed = output.trim().replaceAll(/\s*\n\s*/g, " | ");
  return "problem" in report && printed !== "" ? { problem: `${report.problem}; it printed: ${printed}` } : report;
}

function startLoading(bundle: string): ChildProcess {
  return spawn(process.execPath, ["--enable-source-maps", child, bundle], {
    // @defer/client starts a scheduler of its own where it finds no token. This one is good for nothing.
    env: {
      PATH: searchPath(),
      TZ: "UTC",
      DEFER_TOKEN: "build",
      DEFER_ENDPOINT: "http://127.0.0.1:9",
      DEFER_NO_LOCAL_SCHEDULER: "1",
    },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
    // In a process group of its own, so that what it starts can be ended with it.
    detached: true,
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // The whole group has ended.
  }
}
