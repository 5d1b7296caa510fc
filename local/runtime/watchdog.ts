import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

// Reads `+pid` and `-pid`. When its input ends, whoever started it is gone (even by kill -9), and what is still on the
// list is ended: with descendants, process groups, and all that carries our mark in its environment. Stopped first, so
// that nothing can start a new process meanwhile. (`kill -KILL -- pid` is not understood by dash, `-s KILL` is.)
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

/** Ends the processes on its list when our own process has gone, however that happened. */
export class Watchdog {
  readonly #shell: ChildProcess;

  /** `mark`: what every process to be ended carries in its environment. */
  constructor(mark: string) {
    // In a session of its own: Ctrl-C on the terminal must not end it before us. The mark is kept out of its own
    // environment by an unexported variable.
    this.#shell = spawn("/bin/sh", ["-c", `MARK=${mark}\n${script}`], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env: { PATH: "/usr/bin:/bin" },
    });
    // A watchdog that dies early leaves nothing to write to; the ordinary stop still ends everything.
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

  /** Lets it end what is left on its list, and waits for it. */
  async stop(): Promise<void> {
    if (this.#shell.exitCode !== null || this.#shell.signalCode !== null) return;
    const exited = once(this.#shell, "exit");
    this.#shell.ref();
    this.#shell.stdin?.end();
    await exited;
  }
}
