import { readdirSync, readFileSync } from "node:fs";

/**
 * Sends a signal to a process and its descendants. On Linux, /proc lists these, since a Lambda may give its children
 * sessions of their own; elsewhere the signal goes to the process group of `pid`.
 */
export function signalTree(pid: number, signal: NodeJS.Signals): void {
  const signalled = new Set<number>();
  // Repeats until there is no new one: a process may start another meanwhile.
  for (let found = [pid]; found.length > 0; found = descendants(pid).filter((one) => !signalled.has(one))) {
    for (const one of found) {
      signalled.add(one);
      signalOne(one, signal);
    }
  }
  signalOne(-pid, signal);
}

/** Ends a process and its descendants, orphans included: a mark in the inherited environment identifies them. */
export function killTree(pid: number, mark: string): void {
  // Stops them first, so that none can start a new process meanwhile.
  signalTree(pid, "SIGSTOP");
  const all = [...descendants(pid), ...marked(mark)];
  signalTree(pid, "SIGKILL");
  for (const one of all) signalOne(one, "SIGKILL");
}

function descendants(pid: number): number[] {
  const found: number[] = [];
  for (let next: number[] = [pid]; next.length > 0; ) {
    next = next.flatMap(children);
    found.push(...next);
  }
  return found;
}

function children(pid: number): number[] {
  return list(`/proc/${pid}/task`).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

function marked(mark: string): number[] {
  const pids = list("/proc").filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  return pids.filter((pid) => read(`/proc/${pid}/environ`).includes(mark)).map(Number);
}

function list(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    // It has ended, or there is no /proc.
    return [];
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch {
    // It has ended, or is not ours.
    return "";
  }
}

function signalOne(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // It has ended, or (a group on macOS) consists of zombies only.
    if (code !== "ESRCH" && code !== "EPERM") throw error;
  }
}
