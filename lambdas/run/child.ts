import { Socket } from "node:net";
import type { Outcome } from "../core/attempt-error.ts";
import { errorResult } from "./error-result.ts";
import { loadFunction } from "./load-function.ts";
import { CONTROL_FD, onRunMessage, type RunMessage, send } from "./protocol.ts";

// The user's process. It knows nothing of queues and tables: it gets arguments, calls the function, says how it ended.

const control = new Socket({ fd: CONTROL_FD, readable: true, writable: true });
const writeStdout = process.stdout.write.bind(process.stdout);
const writeStderr = process.stderr.write.bind(process.stderr);

onRunMessage(control, (message) => void runOnce(message));
// The runner has gone: nobody would hear how this ends.
control.on("close", () => process.exit());

async function runOnce(message: RunMessage): Promise<void> {
  process.env["DEFER_TOKEN"] = message.token;
  process.env["DEFER_ENDPOINT"] = message.endpoint;
  await send(control, { begun: true });
  const outcome = await call(message);
  writeStdout(`${message.marker}\n`);
  writeStderr(`${message.marker}\n`);
  await send(control, { outcome });
}

async function call(message: RunMessage): Promise<Outcome> {
  try {
    // The bundle is loaded with the first message only: `@defer/client` looks at DEFER_TOKEN when it is imported.
    const { __fn: userFunction } = await loadFunction(message.bundle);
    const value = await userFunction(...(JSON.parse(message.arguments) as unknown[]));
    return { state: "succeed", result: toJson(value) };
  } catch (thrown) {
    return { state: "failed", errorCode: "ER0000", error: errorResult(thrown, message.bundle) };
  }
}

function toJson(value: unknown): string {
  try {
    // What JSON has no word for (undefined, a function, a symbol) is null, as a void function's result is.
    return JSON.stringify(value) ?? "null";
  } catch (error) {
    const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
    throw new TypeError(`the function returned what JSON cannot hold: ${reason}`, { cause: error });
  }
}
