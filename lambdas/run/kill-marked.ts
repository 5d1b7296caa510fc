import { readdirSync, readFileSync } from "node:fs";

/**
 * Ends every process that has inherited `mark` in its environment: what the user's code started may have left its
 * process group, and lost its parent. Needs /proc: on Linux, and so on Lambda.
 */
export function killMarked(mark: string): void {
  for (const name of list("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid || !environmentOf(pid).includes(mark)) continue;
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It has ended by itself.
    }
  }
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf-8");
  } catch {
    return "";
  }
}
