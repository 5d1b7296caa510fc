import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFileSync } from "node:fs";

export interface ProgramOptions {
  directory: string;
  environment: Record<string, string>;
  /** A file to which all output is added. */
  log: string;
}

/**
 * Runs a program to its end, and resolves with what it printed.
 * @throws Error with the last lines of it where the exit code is not 0
 */
export async function runProgram(
  command: string,
  args: readonly string[],
  { directory, environment, log }: ProgramOptions,
): Promise<string> {
  const child = spawn(command, args, { cwd: directory, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf-8").on("data", (text: string) => {
      output += text;
      appendFileSync(log, text);
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  if (code === 0) return output;
  const lines = output.trim().split("\n");
  const errors = lines.filter((line) => /error|failed|❌/i.test(line));
  throw new Error(
    [`${command} ${args[0]} ended with ${code}:`, ...(errors.length > 0 ? errors : lines).slice(-5)].join("\n"),
  );
}
