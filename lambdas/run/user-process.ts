import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import type { Duplex, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import type { ExitReason } from "../core/attempt-error.ts";
import { onChildMessage } from "./child-message.ts";
import { killMarked } from "./kill-marked.ts";
import { type LogLine, readLines } from "./logs.ts";
import { CONTROL_FD, type OutcomeMessage, type RunMessage, send } from "./protocol.ts";

export interface UserProcessOptions {
  environment: NodeJS.ProcessEnv;
  /** The heap the user's code may fill. */
  heapMegabytes: number;
}

/** What Node writes to stderr when the heap is full. */
const HEAP_FULL = /JavaScript heap out of memory|Reached heap limit/;

/** So long after its end the last of what a process wrote is waited for. */
const LAST_OUTPUT_MS = 300;

type OnLine = (stream: LogLine["stream"], line: string) => void;

/** A process for user code, apart from the runner: see `child.ts` for what it does. */
export class UserProcess {
  readonly #child: ChildProcess;
  readonly #control: Duplex;
  #onLine: OnLine = () => {};
  #onEndMessage: (message: OutcomeMessage) => void = () => {};
  readonly #mark = randomUUID();
  #hasBegun = false;
  #isHeapFull = false;
  #isOver = false;

  /** Resolves when the process has ended and its output has been read to the end. Never rejects. */
  readonly ended: Promise<ExitReason>;

  constructor({ environment, heapMegabytes }: UserProcessOptions) {
    const script = fileURLToPath(new URL("child.mjs", import.meta.url));
    this.#child = spawn(
      process.execPath,
      ["--enable-source-maps", `--max-old-space-size=${heapMegabytes}`, script],
      // In a process group of its own, so that what it starts can be ended with it.
      {
        env: { ...environment, EPOQUE_PROCESS: this.#mark },
        stdio: ["ignore", "pipe", "pipe", "pipe"],
        detached: true,
      },
    );
    this.#control = this.#child.stdio[CONTROL_FD] as Duplex;
    // A pipe that breaks is the process's end, and `ended` tells of that.
    this.#control.on("error", () => {});
    onChildMessage(this.#control, (message) => {
      if ("begun" in message) this.#hasBegun = true;
      else this.#onEndMessage(message);
    });
    this.#read("stdout", this.#child.stdout as Readable);
    this.#read("stderr", this.#child.stderr as Readable);
    this.ended = this.#watchEnd();
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Whether the function was called with the last message. */
  get hasBegun(): boolean {
    return this.#hasBegun;
  }

  /** Has the function called once. Settles only if the function ends: watch `ended` beside it. */
  call(message: RunMessage): Promise<OutcomeMessage> {
    const end = Promise.withResolvers<OutcomeMessage>();
    this.#onEndMessage = end.resolve;
    this.#hasBegun = false;
    send(this.#control, message).catch(() => {});
    return end.promise;
  }

  /** Gives every line to `onLine` from now on. Resolves when `marker` has come on both streams. */
  collectLines(marker: string, onLine: OnLine): Promise<void> {
    const done = Promise.withResolvers<void>();
    const streams = new Set<string>();
    this.#isHeapFull = false;
    this.#onLine = (stream, line) => {
      if (!line.endsWith(marker)) return onLine(stream, line);
      // A last line without an end has the marker behind it.
      if (line.length > marker.length) onLine(stream, line.slice(0, -marker.length));
      if (streams.add(stream).size === 2) done.resolve();
    };
    return done.promise;
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
    killMarked(this.#mark);
  }

  #read(stream: LogLine["stream"], readable: Readable): void {
    readLines(readable, (line) => {
      if (stream === "stderr" && HEAP_FULL.test(line)) this.#isHeapFull = true;
      this.#onLine(stream, line);
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
      // What it started may hold its output open even now.
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
    if (code !== null) return { reason: "exit", code };
    return { reason: "signal", signal: signal ?? "an unknown signal" };
  }
}
