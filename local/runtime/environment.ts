import { type ChildProcess, spawn } from "node:child_process";
import type { Duplex, Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { compileCachePreload } from "./compile-cache.ts";
import { readLines } from "./log-lines.ts";
import { killTree, signalTree } from "./process-tree.ts";
import { type EnvironmentMessage, type LambdaError, readMessages, writeMessage } from "./protocol.ts";
import type { Watchdog } from "./watchdog.ts";

export interface EnvironmentOptions {
  functionArn: string;
  variables: Record<string, string>;
  memoryMegabytes: number;
  timeoutSeconds: number;
  /** Value of a variable that identifies the processes of this environment, even orphans. */
  mark: string;
  /** How far the clock of the cloud has been moved forward. */
  aheadMs: () => number;
  watchdog: Watchdog;
  /** Folder in which its processes keep compiled code. */
  compileCache: string;
  onLine: (stream: "stdout" | "stderr", line: string) => void;
}

export type InvocationOutcome = { payload: string } | { error: LambdaError };

/** Lambda allows 10 s for initialisation, then once more the function's timeout. */
const INIT_SECONDS = 10;

// The package contains JavaScript.
const sourceExtension = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const bootstrap = fileURLToPath(new URL(`bootstrap${sourceExtension}`, import.meta.url));
const readOnlyFiles = new URL(`read-only-files${sourceExtension}`, import.meta.url).href;

/** How long to wait for the next event before freezing: with a queue of events there is nothing to freeze for. */
const FREEZE_AFTER_MS = 20;

/** A process that runs a function: one event at a time, frozen in between. */
export class Environment {
  readonly #options: EnvironmentOptions;
  readonly #child: ChildProcess;
  readonly #channel: Duplex;
  #isOver = false;
  #isInitialised = false;
  #isFrozen = false;
  #freezing: NodeJS.Timeout | undefined;
  #onMessage: (message: EnvironmentMessage) => void = () => {};
  #how: string | undefined;
  #onEnd: (how: string) => void = () => {};
  /** Resolves with the exit reason when the process has ended. */
  readonly ended: Promise<string>;

  constructor(options: EnvironmentOptions) {
    this.#options = options;
    this.#child = spawn(
      process.execPath,
      // An approximation: Lambda limits the memory of all processes, this option the heap of the first.
      [
        `--max-old-space-size=${options.memoryMegabytes}`,
        `--import=${compileCachePreload(options.compileCache)}`,
        `--import=${readOnlyFiles}`,
        bootstrap,
        options.functionArn,
      ],
      {
        env: options.variables,
        cwd: options.variables["LAMBDA_TASK_ROOT"],
        stdio: ["ignore", "pipe", "pipe", "pipe"],
        // A session of its own: Ctrl-C on the terminal must reach the main process only.
        detached: true,
      },
    );
    this.#channel = this.#child.stdio[3] as Duplex;
    this.#channel.on("error", () => {});
    readMessages<EnvironmentMessage>(this.#channel, (message) => this.#onMessage(message));
    readLines(this.#child.stdout as Readable, (line) => options.onLine("stdout", line));
    readLines(this.#child.stderr as Readable, (line) => options.onLine("stderr", line));
    if (this.#child.pid !== undefined) options.watchdog.add(this.#child.pid);
    this.ended = this.#watchEnd();
    void this.ended.then((how) => {
      this.#how = how;
      this.#onEnd(how);
    });
  }

  /** Unique id, and session token of its AWS calls. */
  get id(): string {
    return this.#options.mark;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Whether the environment accepts no more events. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Runs one event (JSON). Never rejects: the end of the process is an error of the event. */
  async invoke(requestId: string, payload: string): Promise<InvocationOutcome> {
    this.#unfreeze();
    const outcome = (await this.#initialise(requestId)) ?? (await this.#run(requestId, payload));
    if (this.#isOver) await this.ended;
    else this.#freezeSoon();
    if ("error" in outcome && outcome.error.errorType === "Runtime.ExitError") {
      // The process cannot log this itself.
      this.#options.onLine("stderr", outcome.error.errorMessage);
    }
    return outcome;
  }

  /** Ends the process and its descendants. */
  async kill(): Promise<void> {
    this.#isOver = true;
    clearTimeout(this.#freezing);
    if (this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null) {
      killTree(this.#child.pid, this.#options.mark);
    }
    await this.ended;
  }

  async #initialise(requestId: string): Promise<InvocationOutcome | undefined> {
    if (this.#isInitialised) return undefined;
    const ready = Promise.withResolvers<InvocationOutcome | undefined>();
    this.#onMessage = (message) => {
      if (message.type === "ready") ready.resolve(undefined);
      if (message.type === "init-error") ready.resolve({ error: message.error });
    };
    const failure = await this.#within(Math.max(INIT_SECONDS, this.#options.timeoutSeconds), requestId, ready.promise);
    if (failure === undefined) this.#isInitialised = true;
    else await this.kill();
    return failure;
  }

  async #run(requestId: string, payload: string): Promise<InvocationOutcome> {
    const { timeoutSeconds } = this.#options;
    const answer = Promise.withResolvers<InvocationOutcome>();
    this.#onMessage = (message) => {
      if (!("requestId" in message) || message.requestId !== requestId) return;
      answer.resolve(message.type === "result" ? { payload: message.payload } : { error: message.error });
    };
    const aheadMs = this.#options.aheadMs();
    const deadlineMs = Date.now() + aheadMs + timeoutSeconds * 1_000;
    writeMessage(this.#channel, { requestId, payload, deadlineMs, aheadMs });
    return this.#within(timeoutSeconds, requestId, answer.promise);
  }

  /** Returns the answer, or an error if the process ended first or timed out (and is killed). */
  async #within<T>(seconds: number, requestId: string, answer: Promise<T>): Promise<T | { error: LambdaError }> {
    const late = Promise.withResolvers<{ error: LambdaError }>();
    const timer = setTimeout(() => {
      const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${seconds.toFixed(2)} seconds`;
      this.#options.onLine("stderr", `${new Date().toISOString()} ${errorMessage.replace("Error: ", "")}`);
      late.resolve({ error: { errorType: "Sandbox.Timedout", errorMessage } });
      void this.kill();
    }, seconds * 1_000);
    const exited = Promise.withResolvers<{ error: LambdaError }>();
    // Not `ended.then`: that would retain every event until the process ends.
    this.#onEnd = (how) => {
      const errorMessage = `RequestId: ${requestId} Error: ${how}`;
      exited.resolve({ error: { errorType: "Runtime.ExitError", errorMessage } });
    };
    if (this.#how !== undefined) this.#onEnd(this.#how);
    try {
      return await Promise.race([late.promise, answer, exited.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  #freezeSoon(): void {
    this.#freezing = setTimeout(() => {
      this.#isFrozen = true;
      this.#signal("SIGSTOP");
    }, FREEZE_AFTER_MS);
  }

  #unfreeze(): void {
    clearTimeout(this.#freezing);
    if (!this.#isFrozen) return;
    this.#isFrozen = false;
    this.#signal("SIGCONT");
  }

  #signal(signal: "SIGSTOP" | "SIGCONT"): void {
    if (!this.#isOver && this.#child.pid !== undefined) signalTree(this.#child.pid, signal);
  }

  async #watchEnd(): Promise<string> {
    const { watchdog, mark } = this.#options;
    const { pid } = this.#child;
    const exited = Promise.withResolvers<string>();
    const how = Promise.withResolvers<string>();
    this.#child.once("error", (error) => exited.resolve(`Runtime failed to start: ${error.message}`));
    this.#child.once("exit", (code, signal) =>
      exited.resolve(
        `Runtime exited with error: ${signal === null ? `exit status ${code}` : `signal: ${signal.toLowerCase().replace("sigkill", "killed")}`}`,
      ),
    );
    this.#child.once("close", () => how.resolve(exited.promise));
    const description = await exited.promise;
    this.#isOver = true;
    if (pid === undefined) return description;
    // Its descendants may live on and hold its output open.
    killTree(pid, mark);
    watchdog.remove(pid);
    return how.promise;
  }
}
