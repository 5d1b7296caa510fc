import { type AttemptContext, pastAttempt } from "./attempt-context.ts";
import type { LogLine } from "./logs.ts";

/** Thrown where code of a past attempt would end the process. */
export class LateExit extends Error {
  override name = "LateExit";
}

type OnLate = (attempt: AttemptContext, stream: LogLine["stream"], text: string) => void;

/**
 * Keeps code that runs on after its attempt from reaching the next one: its output goes to `onLate`, and it cannot end
 * the process.
 */
export function containLateCode(onLate: OnLate): void {
  redirectOutput("stdout", onLate);
  redirectOutput("stderr", onLate);
  for (const name of ["exit", "reallyExit", "abort"] as const) refuseExit(name, onLate);
  const { kill } = process;
  process.kill = (pid, signal) => {
    const isItself = pid === process.pid || pid === 0 || pid === -process.pid;
    const attempt = signal === 0 ? undefined : pastAttempt();
    if (isItself && attempt !== undefined) throw refusal(attempt, "process.kill", onLate);
    return kill.call(process, pid, signal);
  };
}

function redirectOutput(stream: LogLine["stream"], onLate: OnLate): void {
  const { [stream]: output } = process;
  const write = output.write.bind(output) as (...args: unknown[]) => boolean;
  output.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    const attempt = pastAttempt();
    if (attempt === undefined) return write(chunk, ...rest);
    onLate(attempt, stream, typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf-8"));
    const callback = rest.find((it) => typeof it === "function") as (() => void) | undefined;
    if (callback !== undefined) process.nextTick(callback);
    return true;
  }) as typeof output.write;
}

function refuseExit(name: "exit" | "reallyExit" | "abort", onLate: OnLate): void {
  const target = process as unknown as Record<typeof name, (code?: number) => never>;
  const original = target[name];
  target[name] = (...args) => {
    const attempt = pastAttempt();
    if (attempt !== undefined) throw refusal(attempt, `process.${name}`, onLate);
    return original.apply(process, args);
  };
}

function refusal(attempt: AttemptContext, what: string, onLate: OnLate): LateExit {
  const message = `${what} was called after the execution had ended; it has no effect`;
  onLate(attempt, "stderr", `${message}\n`);
  return new LateExit(message);
}
