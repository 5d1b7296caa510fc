import { existsSync } from "node:fs";
import * as modules from "node:module";
import { Socket } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  CHANNEL_FD,
  type EnvironmentMessage,
  type InvokeMessage,
  type LambdaError,
  readMessages,
  writeMessage,
} from "./protocol.ts";
import { putClockForward } from "./put-clock-forward.ts";

// Main program of an execution environment: loads the handler, then handles one event at a time.

type Handler = (event: unknown, context: unknown) => unknown;

// biome-ignore lint/style/noProcessEnv: this is the main program of another process: what its environment is made for
const environment = process.env as Record<string, string>;
const functionArn = process.argv[2];
const channel = new Socket({ fd: CHANNEL_FD, readable: true, writable: true });
const say = (message: EnvironmentMessage) => writeMessage(channel, message);

// The runtime has ended. Its watchdog ends this process and its descendants; this is only a second line of defence.
channel.on("close", () => setTimeout(() => process.exit(1), 3_000));
channel.on("error", () => {});

// An import reads all of a module that can be enumerated. These load a WebSocket client, 13 ms of each start, which the
// SDK does without on AWS, where it imports `node:https` only.
const http = process.getBuiltinModule("node:http");
for (const name of ["WebSocket", "CloseEvent", "MessageEvent"])
  Object.defineProperty(http, name, { enumerable: false });

try {
  const handler = await loadHandler(environment["_HANDLER"] ?? "", environment["LAMBDA_TASK_ROOT"] ?? "");
  readMessages<InvokeMessage>(channel, (message) => void answer(handler, message));
  say({ type: "ready" });
  // Now, since the process is killed in the end. Node 22 has it from its tenth minor version on.
  modules.flushCompileCache?.();
} catch (thrown) {
  const error = describe(thrown);
  console.error(`${new Date().toISOString()}\tundefined\tERROR\tUncaught Exception\t${JSON.stringify(error)}`);
  say({ type: "init-error", error });
  // The runtime discards this environment once it has read that.
}

async function loadHandler(name: string, root: string): Promise<Handler> {
  const dot = name.lastIndexOf(".");
  const [file, exported] = [name.slice(0, dot), name.slice(dot + 1)];
  const path = [".js", ".mjs", ".cjs"].map((end) => join(root, file + end)).find(existsSync);
  if (path === undefined) throw runtimeError("Runtime.ImportModuleError", `Error: Cannot find module '${file}'`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown>;
  // A CommonJS module that builds its exports at run time shows them on `default` only.
  const handler = module[exported] ?? (module["default"] as Record<string, unknown> | undefined)?.[exported];
  if (handler === undefined) throw runtimeError("Runtime.HandlerNotFound", `${name} is undefined or not exported`);
  if (typeof handler !== "function") throw runtimeError("Runtime.HandlerNotFound", `${name} is not a function`);
  return handler as Handler;
}

async function answer(handler: Handler, { requestId, payload, deadlineMs, aheadMs }: InvokeMessage): Promise<void> {
  putClockForward(aheadMs);
  try {
    const result = await handler(JSON.parse(payload), context(requestId, deadlineMs));
    say({ type: "result", requestId, payload: stringify(result) });
  } catch (thrown) {
    const error = describe(thrown);
    // As in Lambda's own runtime: failures appear in the log.
    console.error(`${new Date().toISOString()}\t${requestId}\tERROR\tInvoke Error\t${JSON.stringify(error)}`);
    say({ type: "error", requestId, error });
  }
}

function context(awsRequestId: string, deadlineMs: number) {
  return {
    awsRequestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: environment["AWS_LAMBDA_FUNCTION_NAME"],
    functionVersion: environment["AWS_LAMBDA_FUNCTION_VERSION"],
    invokedFunctionArn: functionArn,
    logGroupName: environment["AWS_LAMBDA_LOG_GROUP_NAME"],
    logStreamName: environment["AWS_LAMBDA_LOG_STREAM_NAME"],
    memoryLimitInMB: environment["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
  };
}

function stringify(result: unknown): string {
  try {
    return JSON.stringify(result) ?? "null";
  } catch (cause) {
    throw runtimeError("Runtime.MarshalError", `Unable to stringify response body as json: ${String(cause)}`);
  }
}

function runtimeError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}

function describe(thrown: unknown): LambdaError {
  if (thrown instanceof Error) {
    return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? "").split("\n") };
  }
  return { errorType: typeof thrown, errorMessage: String(thrown), trace: [] };
}
