import { randomBytes, randomUUID } from "node:crypto";
import { availableParallelism } from "node:os";
import { dirname } from "node:path";
import { REGION } from "../account.ts";
import { hostPath } from "../env.ts";
import type { AccessKey } from "../gateway/access-keys.ts";
import type { KillableInvocation } from "../gateway/faults/kills.ts";
import { Environment, type InvocationOutcome } from "../runtime/environment.ts";
import type { Watchdog } from "../runtime/watchdog.ts";
import type { LogStreams } from "./log-streams.ts";

/** Configuration of a Lambda function, from its template. */
export interface FunctionConfiguration {
  name: string;
  arn: string;
  handler: string;
  /** Identifies the version of the code. */
  codeId: string;
  codeDirectory: string;
  environment: Record<string, string>;
  memoryMegabytes: number;
  timeoutSeconds: number;
  logGroup: string;
  roleArn: string;
  accessKey: AccessKey;
}

export interface LambdaOptions {
  watchdog: Watchdog;
  /** Prefix of the mark of every process of this cloud. */
  mark: string;
  gatewayEndpoint: () => string;
  /** Folder in which processes keep compiled code, for those that start after them. */
  compileCache: string;
  /** How far the clock of the cloud has been moved forward. */
  aheadMs: () => number;
  /** Called when an environment begins to work on an event; what it returns, when that has ended. */
  onInvocation: (invocation: Invocation) => () => void;
  onLog: (entry: { functionName: string; stream: "stdout" | "stderr"; line: string }) => void;
  logStreams: LogStreams;
}

/** An event that a function works on. */
export interface Invocation extends KillableInvocation {
  memoryMegabytes: number;
}

export interface RunningEnvironment {
  functionName: string;
  /** Id of its first process, the leader of its process group; `undefined` if it could not start. */
  pid: number | undefined;
  /** Frozen between events. */
  state: "running" | "frozen";
}

interface Idle {
  environment: Environment;
  timer: NodeJS.Timeout;
}

interface LambdaFunction {
  configuration: FunctionConfiguration;
  /** Version of code and settings: environments of older versions accept no more events. */
  version: number;
  idle: Idle[];
  running: Set<Environment>;
  waiting: (() => void)[];
}

/** Limit of request and response of a synchronous invocation: 6 MB. */
const MAX_PAYLOAD_BYTES = 6_291_456;

const MAX_IDLE_MS = 120_000;

// There is no throttling: further invocations wait for a free environment.
const MAX_ENVIRONMENTS = Math.max(4, 2 * availableParallelism());

/** Lambda functions and their execution environments. */
export class Lambda {
  readonly #options: LambdaOptions;
  readonly #functions = new Map<string, LambdaFunction>();
  /** Includes those of removed functions. */
  readonly #environments = new Set<Environment>();
  #isStopped = false;

  constructor(options: LambdaOptions) {
    this.#options = options;
  }

  configuration(name: string): FunctionConfiguration | undefined {
    return this.#functions.get(name)?.configuration;
  }

  /** Creates or changes a function. Running invocations end on the old code; new events get the new code. */
  put(configuration: FunctionConfiguration): void {
    const existing = this.#functions.get(configuration.name);
    if (existing === undefined) {
      this.#functions.set(configuration.name, { configuration, version: 0, idle: [], running: new Set(), waiting: [] });
      return;
    }
    const isSame = fingerprint(existing.configuration) === fingerprint(configuration);
    existing.configuration = configuration;
    if (isSame) return;
    existing.version += 1;
    this.#endIdle(existing);
  }

  remove(name: string): void {
    const removed = this.#functions.get(name);
    if (removed === undefined) return;
    this.#functions.delete(name);
    this.#endIdle(removed);
    for (const wake of removed.waiting) wake();
  }

  /**
   * Calls a function with an event (JSON), and returns its outcome.
   * @returns `too_large` for an event over Lambda's limit, without a call
   */
  async invoke(name: string, payload: string): Promise<InvocationOutcome | "too_large"> {
    if (Buffer.byteLength(payload) > MAX_PAYLOAD_BYTES) return "too_large";
    const called = this.#functions.get(name);
    if (called === undefined) return notFound(name);
    while (called.idle.length === 0 && called.running.size >= MAX_ENVIRONMENTS) {
      await new Promise<void>((resolve) => called.waiting.push(resolve));
    }
    if (this.#isStopped || this.#functions.get(name) !== called) return notFound(name);
    const { version } = called;
    const environment = this.#take(called);
    called.running.add(environment);
    const ended = this.#options.onInvocation({
      functionName: name,
      memoryMegabytes: called.configuration.memoryMegabytes,
      environmentId: environment.id,
      kill: () => void environment.kill(),
    });
    try {
      return withinLimit(await environment.invoke(randomUUID(), payload));
    } finally {
      ended();
      called.running.delete(environment);
      this.#giveBack(called, environment, version);
      called.waiting.shift()?.();
    }
  }

  /** Returns the running and frozen environments of matching functions. */
  environments(functionName: RegExp): RunningEnvironment[] {
    const found = [...this.#functions].filter(([name]) => functionName.test(name));
    return found.flatMap(([name, { running, idle }]) => [
      ...[...running].map(({ pid }) => ({ functionName: name, pid, state: "running" as const })),
      ...idle.map(({ environment: { pid } }) => ({ functionName: name, pid, state: "frozen" as const })),
    ]);
  }

  /** Ends everything at once. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    for (const name of [...this.#functions.keys()]) this.remove(name);
    await Promise.all([...this.#environments].map((environment) => environment.kill()));
  }

  #take(called: LambdaFunction): Environment {
    // Takes the one used last, so that the others can expire.
    for (let idle = called.idle.pop(); idle !== undefined; idle = called.idle.pop()) {
      clearTimeout(idle.timer);
      if (!idle.environment.isOver) return idle.environment;
    }
    return this.#start(called.configuration);
  }

  #giveBack(called: LambdaFunction, environment: Environment, version: number): void {
    if (environment.isOver) return;
    const isOld = this.#isStopped || this.#functions.get(called.configuration.name) !== called;
    if (isOld || version !== called.version) {
      void environment.kill();
      return;
    }
    const timer = setTimeout(() => {
      called.idle = called.idle.filter((idle) => idle.environment !== environment);
      void environment.kill();
    }, MAX_IDLE_MS);
    called.idle.push({ environment, timer });
  }

  #endIdle(called: LambdaFunction): void {
    for (const { environment, timer } of called.idle.splice(0)) {
      clearTimeout(timer);
      void environment.kill();
    }
  }

  #start(configuration: FunctionConfiguration): Environment {
    const mark = `${this.#options.mark}${randomBytes(8).toString("hex")}`;
    const variables = variablesOf(configuration, this.#options.gatewayEndpoint(), mark);
    const environment = new Environment({
      functionArn: configuration.arn,
      variables,
      memoryMegabytes: configuration.memoryMegabytes,
      timeoutSeconds: configuration.timeoutSeconds,
      mark,
      aheadMs: this.#options.aheadMs,
      watchdog: this.#options.watchdog,
      compileCache: this.#options.compileCache,
      onLine: (stream, line) => {
        const { logStreams, onLog } = this.#options;
        logStreams.add(configuration.logGroup, variables["AWS_LAMBDA_LOG_STREAM_NAME"] ?? "", line);
        onLog({ functionName: configuration.name, stream, line });
      },
    });
    this.#environments.add(environment);
    void environment.ended.then(() => this.#environments.delete(environment));
    return environment;
  }
}

// Includes PATH only of the developer's environment.
function variablesOf(configuration: FunctionConfiguration, endpoint: string, mark: string): Record<string, string> {
  const { name, accessKey } = configuration;
  const date = new Date().toISOString().slice(0, 10).replaceAll("-", "/");
  return {
    ...configuration.environment,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memoryMegabytes),
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
    // Lambda's format; also identifies the processes of this environment.
    AWS_LAMBDA_LOG_STREAM_NAME: `${date}/[$LATEST]${mark}`,
    AWS_ACCESS_KEY_ID: accessKey.accessKeyId,
    AWS_SECRET_ACCESS_KEY: accessKey.secretAccessKey,
    // Every environment has a session of its own, as in AWS. The gateway does not check it, but fault injection
    // identifies the environment by it.
    AWS_SESSION_TOKEN: mark,
    AWS_ENDPOINT_URL: endpoint,
    LAMBDA_TASK_ROOT: configuration.codeDirectory,
    _HANDLER: configuration.handler,
    PATH: `${dirname(process.execPath)}:${hostPath()}`,
    TZ: ":UTC",
    LANG: "en_US.UTF-8",
  };
}

// The folder may change while the code stays the same.
function fingerprint({ codeDirectory: _, ...configuration }: FunctionConfiguration): string {
  return JSON.stringify(configuration);
}

function withinLimit(outcome: InvocationOutcome): InvocationOutcome {
  if ("error" in outcome || Buffer.byteLength(outcome.payload) <= MAX_PAYLOAD_BYTES) return outcome;
  const errorMessage = `Response payload size exceeded maximum allowed payload size (${MAX_PAYLOAD_BYTES} bytes).`;
  return { error: { errorType: "Function.ResponseSizeTooLarge", errorMessage } };
}

function notFound(name: string): InvocationOutcome {
  return { error: { errorType: "ResourceNotFoundException", errorMessage: `Function not found: ${name}` } };
}
