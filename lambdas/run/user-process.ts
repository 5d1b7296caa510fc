import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { ErrorResult, ExitReason } from "../core/attempt-error.ts";
import { onChildMessage } from "./child-message.ts";
import { killMarked, newestProcess, newProcessMark, withMark } from "./kill-marked.ts";
import { type LogLine, readLines } from "./logs.ts";
import { type AttemptMessage, CONTROL_FD, type RunMessage, sendRun } from "./protocol.ts";

export interface UserProcessOptions {
  environment: NodeJS.ProcessEnv;
  /** The heap the user's code may fill. */
  heapMegabytes: number;
}

type UncaughtMessage = { type: "uncaught" };

/** Hears of an attempt while it runs, and of what it still writes after that. */
export interface AttemptListener {
  onMessage: (message: Exclude<AttemptMessage, UncaughtMessage>) => void;
  onLine: (stream: LogLine["stream"], line: string) => void;
  /** Called when the last line of the attempt has come on both streams. */
  onLastLine: () => void;
}

/** Node's message on stderr when the heap is full. */
const HEAP_FULL = /JavaScript heap out of memory|Reached heap limit/;

/** How long to wait for trailing output after the exit. */
const LAST_OUTPUT_MS = 300;

/** How many of the last attempts are known by name: code of older ones is ignored. */
const MAX_ATTEMPTS = 50;

/** A process for user code, apart from the runner: see `child.ts` for what it does. */
export class UserProcess {
  readonly #child: ChildProcess;
  readonly #control: Duplex;
  readonly #mark = newProcessMark();
  readonly #attempts = new Map<string, AttemptListener>();
  #current: { nonce: string; listener: AttemptListener; endedStreams: Set<string> } | undefined;
  /** The newest process of the machine when descendants were last looked for. */
  #newest: number | undefined;
  #uncaught: ErrorResult | undefined;
  #isHeapFull = false;
  #isOver = false;

  /** Resolves when the process has ended and its output has been read to the end. Never rejects. */
  readonly ended: Promise<ExitReason>;

  constructor({ environment, heapMegabytes }: UserProcessOptions) {
    const script = fileURLToPath(new URL("child.mjs", import.meta.url));
    // Preloads of the runner hold for the function too: in the local cloud one makes the files read-only.
    const preloads = process.execArgv.filter((flag) => flag.startsWith("--import="));
    const node = [
      process.execPath,
      ...preloads,
      "--enable-source-maps",
      `--max-old-space-size=${heapMegabytes}`,
      script,
    ];
    const [command, args] = withMark(this.#mark, node);
    // In a process group of its own, so that what it starts can be ended with it.
    this.#child = spawn(command, args, {
      env: environment,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
      detached: true,
    });
    this.#control = this.#child.stdio[CONTROL_FD] as Duplex;
    // A pipe that breaks is the process's end, and `ended` tells of that.
    this.#control.on("error", () => {});
    onChildMessage(
      this.#control,
      (nonce) => this.#attempts.has(nonce),
      (nonce, message) => this.#receive(nonce, message),
    );
    this.#read("stdout", this.#child.stdout as Readable);
    this.#read("stderr", this.#child.stderr as Readable);
    this.ended = this.#watchEnd();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether it was given an attempt before. */
  get isUsed(): boolean {
    return this.#attempts.size > 0;
  }

  /** Gives it an attempt. `listener` hears what comes of it; watch `ended` beside that. */
  start(message: RunMessage, listener: AttemptListener): void {
    const [oldest] = this.#attempts.keys();
    if (oldest !== undefined && this.#attempts.size >= MAX_ATTEMPTS) this.#attempts.delete(oldest);
    this.#attempts.set(message.nonce, listener);
    this.#current = { nonce: message.nonce, listener, endedStreams: new Set() };
    this.#isHeapFull = false;
    sendRun(this.#control, message).catch(() => {});
  }

  /** Ends the process and all that it started. */
  kill(): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, "SIGKILL");
    } catch (error) {
      // ESRCH: the whole group has ended already.
      if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
    }
    killMarked(this.#mark, this.#child.pid);
  }

  /** Ends all that the process started, and returns how many processes there were. */
  killDescendants(): number {
    const newest = newestProcess();
    if (this.#child.pid === undefined || newest === this.#newest) return 0;
    this.#newest = newest;
    return killMarked(this.#mark, this.#child.pid);
  }

  #receive(nonce: string, message: AttemptMessage): void {
    // Code of a former attempt may only be heard.
    if (message.type !== "late" && nonce !== this.#current?.nonce) return;
    if (message.type === "uncaught") this.#uncaught = message.error;
    else this.#attempts.get(nonce)?.onMessage(message);
  }

  #read(stream: LogLine["stream"], readable: Readable): void {
    readLines(readable, (line) => {
      if (stream === "stderr" && HEAP_FULL.test(line)) this.#isHeapFull = true;
      if (this.#current === undefined) return;
      const { nonce, listener, endedStreams } = this.#current;
      if (!line.endsWith(nonce)) return listener.onLine(stream, line);
      // A last line without an end has the marker behind it.
      if (line.length > nonce.length) listener.onLine(stream, line.slice(0, -nonce.length));
      if (endedStreams.add(stream).size === 2) listener.onLastLine();
    });
  }

  #watchEnd(): Promise<ExitReason> {
    const ended = Promise.withResolvers<ExitReason>();
    this.#child.once("error", (error) => {
      this.#isOver = true;
      ended.resolve({ reason: "signal", signal: `a failed start (${error.message})` });
    });
    this.#child.once("exit", (code, signal) => {
      this.#isOver = true;
      this.kill();
      // A process that it started may hold its output open even now.
      const end = () => ended.resolve(this.#describeEnd(code, signal));
      const timer = setTimeout(end, LAST_OUTPUT_MS);
      this.#child.once("close", () => {
        clearTimeout(timer);
        end();
      });
    });
    return ended.promise;
  }

  #describeEnd(code: number | null, signal: NodeJS.Signals | null): ExitReason {
    // Where memory runs out outside of the heap, the kernel ends the process with SIGKILL.
    const isAborted = signal === "SIGABRT" || code === 134;
    if ((this.#isHeapFull && isAborted) || signal === "SIGKILL") return { reason: "out_of_memory" };
    if (code !== null) return { reason: "exit", code, uncaught: this.#uncaught };
    return { reason: "signal", signal: signal ?? "an unknown signal" };
  }
}
