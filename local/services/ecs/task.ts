import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { constants } from "node:os";
import type { Readable } from "node:stream";
import { readLines } from "../../runtime/log-lines.ts";
import { killTree } from "../../runtime/process-tree.ts";
import type { Watchdog } from "../../runtime/watchdog.ts";
import { containerVariables, programFor } from "./image.ts";
import type { TaskDefinition } from "./task-definition.ts";

export interface TaskOptions {
  arn: string;
  definition: TaskDefinition;
  startedBy: string | undefined;
  /** Folder of its own for its code. It is made, and removed at its end. */
  root: string;
  /** Variables of the container's overrides, as they were given. */
  overrides: readonly { name: string; value: string }[];
  /** Variables that ECS adds. */
  variables: Readonly<Record<string, string>>;
  /** In one of these variables: identifies the processes of this task, even orphans. */
  mark: string;
  /** Modules that its processes load first. */
  preloads: readonly string[];
  /** Why it cannot be started, if so. */
  problem: string | undefined;
  watchdog: Watchdog;
  onLine: (stream: "stdout" | "stderr", line: string) => void;
  /** Called once, when it has stopped. */
  onStopped: (task: Task) => void;
}

/** A task on Fargate: one process, from its start to its end. */
export class Task {
  readonly #options: TaskOptions;
  readonly #createdAt = new Date().toISOString();
  #child: ChildProcess | undefined;
  #status: "RUNNING" | "STOPPED" = "RUNNING";
  #exitCode: number | undefined;
  #stop: { stopCode: string; stoppedReason: string } | undefined;
  #killing: NodeJS.Timeout | undefined;
  /** Resolves when it has stopped. */
  readonly stopped: Promise<void>;

  constructor(options: TaskOptions) {
    this.#options = options;
    const { problem, root } = options;
    mkdirSync(root, { mode: 0o700 });
    this.stopped = problem === undefined ? this.#run() : this.#fail(problem);
    void this.stopped.then(() => options.onStopped(this));
  }

  get arn(): string {
    return this.#options.arn;
  }

  get family(): string {
    return this.#options.definition.family;
  }

  get root(): string {
    return this.#options.root;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  get isStopped(): boolean {
    return this.#status === "STOPPED";
  }

  /** Tells it to stop, and kills it when its time is over. */
  stop(stopCode: string, stoppedReason: string): void {
    if (this.isStopped) return;
    this.#stop ??= { stopCode, stoppedReason };
    this.#child?.kill("SIGTERM");
    this.#killing ??= setTimeout(() => this.kill(), this.#options.definition.stopTimeoutSeconds * 1_000);
  }

  /** Ends it at once, with all its processes. */
  kill(): void {
    if (!this.isStopped && this.pid !== undefined) killTree(this.pid, this.#options.mark);
  }

  /** Describes it as `DescribeTasks` and the event of its end do. */
  describe(clusterArn: string): object {
    const { arn, definition, startedBy, overrides } = this.#options;
    const exitCode = this.#exitCode === undefined ? {} : { exitCode: this.#exitCode };
    return {
      taskArn: arn,
      clusterArn,
      taskDefinitionArn: definition.arn,
      group: `family:${definition.family}`,
      launchType: "FARGATE",
      lastStatus: this.#status,
      desiredStatus: this.#stop === undefined ? this.#status : "STOPPED",
      createdAt: this.#createdAt,
      ...(startedBy !== undefined && { startedBy }),
      ...this.#stop,
      containers: [{ name: definition.container, lastStatus: this.#status, ...exitCode }],
      overrides: { containerOverrides: [{ name: definition.container, environment: overrides }] },
    };
  }

  async #fail(problem: string): Promise<void> {
    this.#stop = { stopCode: "TaskFailedToStart", stoppedReason: problem };
    this.#end();
  }

  async #run(): Promise<void> {
    const { definition, overrides, root, variables, mark, preloads, watchdog, onLine } = this.#options;
    const [program = "", ...args] = [...definition.entryPoint, ...definition.command];
    const given = Object.fromEntries(overrides.map(({ name, value }) => [name, value]));
    const env = { ...containerVariables({ ...definition.environment, ...given }, root), ...variables };
    const child = spawn(programFor(program), [...preloads.map((url) => `--import=${url}`), ...args], {
      env,
      // The preload that makes files read-only lets the program write what the image's user may.
      cwd: "/",
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    this.#child = child;
    readLines(child.stdout as Readable, (line) => onLine("stdout", line));
    readLines(child.stderr as Readable, (line) => onLine("stderr", line));
    if (child.pid !== undefined) watchdog.add(child.pid);
    this.#exitCode = await exitCodeOf(child);
    clearTimeout(this.#killing);
    if (child.pid !== undefined) {
      killTree(child.pid, mark);
      watchdog.remove(child.pid);
    }
    this.#stop ??= { stopCode: "EssentialContainerExited", stoppedReason: "Essential container in task exited" };
    this.#end();
  }

  #end(): void {
    this.#status = "STOPPED";
    rmSync(this.root, { recursive: true, force: true });
  }
}

/** Returns the exit code as a shell and ECS tell it: of a signal, 128 and its number. */
function exitCodeOf(child: ChildProcess): Promise<number | undefined> {
  return new Promise((resolve) => {
    child.once("error", () => resolve(undefined));
    child.once("exit", (code, signal) => resolve(code ?? 128 + (constants.signals[signal ?? "SIGKILL"] ?? 9)));
  });
}
