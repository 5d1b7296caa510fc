import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

// Reads `+pid` and `-pid`. When its input ends, its parent has ended (even by kill -9), and the processes still on the
// list are ended: with descendants, process groups, and all processes with the mark in their environment. Stops first,
// so that none can start a new process meanwhile. (dash supports `-s KILL`, not `kill -KILL -- pid`.)
const script = `
list=" "
while read -r line; do
  case "$line" in
    +*) list="$list\${line#+} " ;;
    -*) p=\${line#-}; case "$list" in *" $p "*) list="\${list%%" $p "*} \${list#*" $p "}" ;; esac ;;
  esac
done
tree() {
  echo "$1"
  for t in /proc/"$1"/task/*/children; do
    [ -r "$t" ] || continue
    for c in $(cat "$t" 2>/dev/null); do tree "$c"; done
  done
}
for round in 1 2 3; do
  all=
  for p in $list; do all="$all $(tree "$p") -$p"; done
  for m in $(grep -alsF "$MARK" /proc/[0-9]*/environ 2>/dev/null); do
    m=\${m#/proc/}; m=\${m%/environ}; [ "$m" = "$$" ] || all="$all $m"
  done
  for p in $all; do kill -s STOP -- "$p" 2>/dev/null; done
  for p in $all; do kill -s KILL -- "$p" 2>/dev/null; done
done
`;

/** Ends the processes on its list when this process has ended, in whatever way. */
export class Watchdog {
  readonly #shell: ChildProcess;

  /** @param mark value in the environment of every process to end */
  constructor(mark: string) {
    // In a session of its own: Ctrl-C on the terminal must not end it first. The mark stays out of its own environment
    // by an unexported variable.
    this.#shell = spawn("/bin/sh", ["-c", `MARK=${mark}\n${script}`], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: "/usr/bin:/bin" },
    });
    // A watchdog may die early; the ordinary stop still ends everything.
    this.#shell.stdin?.on("error", () => {});
    this.#shell.on("error", () => {});
    this.#shell.unref();
  }

  add(pid: number): void {
    this.#shell.stdin?.write(`+${pid}\n`);
  }

  remove(pid: number): void {
    this.#shell.stdin?.write(`-${pid}\n`);
  }

  /** Ends the processes left on the list, and the watchdog. */
  async stop(): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null) return;
    const exited = once(this.#shell, "exit");
    this.#shell.ref();
    this.#shell.stdin?.end();
    await exited;
  }
}
