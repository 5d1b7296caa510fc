import { Socket } from "node:net";
import { inspect } from "node:util";
import type { Outcome } from "../core/attempt-error.ts";
import {
  type AttemptContext,
  pastAttemptOf,
  runWithin,
  trackConnections,
  trackTlsConnections,
} from "./attempt-context.ts";
import { containLateCode, LateExit } from "./contain-late-code.ts";
import { errorResult } from "./error-result.ts";
import { countConnections, trackWorkers, workInProgress } from "./leftover-work.ts";
import { type DeferredFunction, loadFunction } from "./load-function.ts";
import type { LogLine } from "./logs.ts";
import { processState } from "./process-state.ts";
import { type AttemptMessage, CONTROL_FD, onLine, type RunMessage } from "./protocol.ts";
import { retryRequest } from "./retry-request.ts";

// The main program of the user's process. It knows nothing of queues and tables: it gets arguments, calls the function,
// and says how that ended. User code may have replaced any of these by the time they are needed.
const { parse, stringify } = JSON;
const exit = process.exit.bind(process);
const writeStdout = process.stdout.write.bind(process.stdout);
const writeStderr = process.stderr.write.bind(process.stderr);

/** Late output that one attempt may send: a flood must not fill the pipe. */
const MAX_LATE_LENGTH = 64 * 1024;

/** How often, and after how many milliseconds, work that was left is looked at again: most of it ends by itself. */
const LOOKS = 10;
const LOOK_AGAIN_MS = 5;

interface Loaded {
  bundle: string;
  userFunction: DeferredFunction["__fn"];
  /** Describes a change that an earlier attempt left behind, if any. */
  change: () => string | undefined;
  /** Describes work that an earlier attempt left running, if any. */
  leftover: () => string | undefined;
}

let loaded: Loaded | undefined;
let attempt: AttemptContext | undefined;
let lateLength = 0;

const control = new Socket({ fd: CONTROL_FD, readable: true, writable: true });
trackConnections();
trackWorkers();
containLateCode(sendLate);
process.on("uncaughtException", onUncaught);
const isRunMessage = () => true;
onLine(control, (line) => void runOnce(parse(line) as RunMessage), isRunMessage);
// The runner has gone: nobody would hear how this ends.
control.on("close", () => exit());
const ownConnections = countConnections();

async function runOnce(message: RunMessage): Promise<void> {
  attempt = { nonce: message.nonce, isOver: false };
  lateLength = 0;
  const reason = loaded?.change() ?? (await whatWasLeft());
  if (reason !== undefined) return send(attempt, { type: "declined", reason });
  process.env["DEFER_TOKEN"] = message.token;
  process.env["DEFER_ENDPOINT"] = message.endpoint;
  await send(attempt, { type: "accepted" });
  const outcome = await call(message, attempt);
  attempt.isOver = true;
  writeStdout(`${message.nonce}\n`);
  writeStderr(`${message.nonce}\n`);
  await send(attempt, { type: "ended", outcome });
}

async function whatWasLeft(): Promise<string | undefined> {
  for (let look = 1; ; look++) {
    const reason = loaded?.leftover();
    if (reason === undefined || look === LOOKS) return reason;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS).unref());
  }
}

async function call({ bundle, arguments: args }: RunMessage, current: AttemptContext): Promise<Outcome> {
  try {
    // The bundle is loaded with the first message only: `@defer/client` looks at DEFER_TOKEN when it is imported.
    if (loaded?.bundle !== bundle) loaded = await load(bundle);
    const { userFunction } = loaded;
    await send(current, { type: "begun" });
    const value = await runWithin(current, () => userFunction(...(parse(args) as unknown[])));
    return { state: "succeed", result: toJson(value) };
  } catch (thrown) {
    const error = errorResult(thrown, bundle);
    return { state: "failed", errorCode: "ER0000", error, retry: retryRequest(thrown, Date.now()) };
  }
}

async function load(bundle: string): Promise<Loaded> {
  const { __fn: userFunction } = await loadFunction(bundle);
  trackTlsConnections();
  return { bundle, userFunction, change: processState(), leftover: workInProgress(ownConnections) };
}

function toJson(value: unknown): string {
  try {
    // Values that JSON lacks (undefined, a function, a symbol) become null, as a void function's result does.
    return stringify(value) ?? "null";
  } catch (error) {
    const { message } = errorResult(error, "");
    throw new TypeError(`the function returned what JSON cannot hold: ${message.split("\n")[0]}`, { cause: error });
  }
}

// User code may write to the pipe too, and leave a line without an end.
function send({ nonce }: AttemptContext, message: AttemptMessage): Promise<void> {
  return new Promise((resolve, reject) => {
    control.write(`\n${nonce}${stringify(message)}\n`, (error) => (error ? reject(error) : resolve()));
  });
}

function sendLate(of: AttemptContext, stream: LogLine["stream"], text: string): void {
  if (lateLength > MAX_LATE_LENGTH) return;
  lateLength += text.length;
  send(of, { type: "late", stream, text: text.slice(0, MAX_LATE_LENGTH) }).catch(() => {});
}

function onUncaught(error: unknown): void {
  const past = pastAttemptOf(error);
  if (error instanceof LateExit) return;
  if (past !== undefined) {
    sendLate(past, "stderr", `${show(error)}\n`);
    return;
  }
  // With a listener of the user's, it is caught. Without one Node would end the process.
  if (process.listenerCount("uncaughtException") > 1) return;
  writeStderr(`${show(error)}\n\nNode.js ${process.version}\n`);
  // A text this small is written at once.
  if (attempt !== undefined) {
    send(attempt, { type: "uncaught", error: errorResult(error, loaded?.bundle ?? "") }).catch(() => {});
  }
  exit(1);
}

function show(error: unknown): string {
  try {
    return error instanceof Error ? inspect(error) : `Uncaught ${inspect(error)}`;
  } catch {
    return `Uncaught ${errorResult(error, "").message}`;
  }
}
