import { execFileSync } from "node:child_process";
import { cpus, loadavg, release, totalmem, type } from "node:os";

/** Describes this machine in one line. */
export function machine(): string {
  const [cpu] = cpus();
  const load = loadavg().map((average) => average.toFixed(2));
  return [
    `${cpu?.model.trim() ?? "unknown CPU"}, ${cpus().length} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GB`,
    `${type()} ${release()}`,
    `Node ${process.versions.node}`,
    `commit ${commit()}`,
    new Date().toISOString(),
    `load ${load.join(" ")}`,
  ].join("; ");
}

function commit(): string {
  try {
    const git = (...args: string[]) => execFileSync("git", args, { encoding: "utf-8", stdio: "pipe" }).trim();
    return git("rev-parse", "--short", "HEAD") + (git("status", "--porcelain") === "" ? "" : " with changes");
  } catch {
    return "unknown";
  }
}
