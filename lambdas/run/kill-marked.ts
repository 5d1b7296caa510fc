import { randomInt } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** A number that marks a process and everything it starts. */
export type ProcessMark = number;

/** Draws a mark that no other process of this machine has. */
export function newProcessMark(): ProcessMark {
  return randomInt(2 ** 40, 2 ** 48 - 1);
}

/**
 * Returns the command that runs `command` with a mark. A process inherits the mark and cannot take it off, even in a
 * session of its own, with an empty environment and without its parent: it is a resource limit, the number of file
 * locks, which Linux has ignored since 2.4.25 (setrlimit(2)). Bash calls it `-x`, dash `-w`.
 */
export function withMark(mark: ProcessMark, command: string[]): [string, string[]] {
  const script = 'ulimit -x "$0" 2>/dev/null || ulimit -w "$0" 2>/dev/null; exec "$@"';
  return ["/bin/sh", ["-c", script, String(mark), ...command]];
}

/** New processes may be started while the others are ended. */
const MAX_ROUNDS = 20;

/**
 * Ends every process with `mark` that is younger than `oldest`, and returns how many there were. Needs /proc: on Linux,
 * and so on Lambda.
 */
export function killMarked(mark: ProcessMark, oldest: number): number {
  const killed = new Set<number>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = youngerThan(oldest).filter((pid) => !killed.has(pid) && hasMark(pid, mark));
    if (found.length === 0) break;
    for (const pid of found) {
      killed.add(pid);
      kill(pid);
    }
  }
  return killed.size;
}

/** Returns the id of the process that this machine started last: as long as it is the same, no other was started. */
export function newestProcess(): number {
  return Number(read("/proc/loadavg").trim().split(" ").at(-1));
}

// Process ids are given out in rising order, until they begin again with small ones.
function youngerThan(oldest: number): number[] {
  const newest = newestProcess();
  const pids = list("/proc").map(Number).filter(Number.isInteger);
  return newest < oldest ? pids.filter((pid) => pid !== oldest) : pids.filter((pid) => pid > oldest);
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It has ended by itself, or is not ours any more.
  }
}

function hasMark(pid: number, mark: ProcessMark): boolean {
  const limit = /^Max file locks\s+(\d+)/m.exec(read(`/proc/${pid}/limits`))?.[1];
  // A zombie that waits for its parent is no work.
  return limit === String(mark) && !/^State:\s+[ZX]/m.test(read(`/proc/${pid}/status`));
}

function list(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
