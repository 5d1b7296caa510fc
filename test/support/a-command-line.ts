import { run } from "../../bin/command/run.ts";
import type { Terminal } from "../../bin/terminal/terminal.ts";
import { memoryApi } from "./api.ts";
import { MEMORY_ENDPOINT, memoryFetch } from "./memory-fetch.ts";

interface Ran {
  code: number;
  /** Lines of the output. */
  output: string[];
  /** Lines of the error output. */
  errors: string[];
}

/** The command line before the API over ports in memory. `answers`: what a person says when asked, if one is there. */
export function aCommandLine({
  answers,
  columns = Number.POSITIVE_INFINITY,
}: {
  answers?: string[];
  columns?: number;
} = {}) {
  const api = memoryApi();
  const { ports } = api;
  const { requests, fetch } = memoryFetch(api);
  const stopping = new AbortController();
  const asked: string[] = [];
  const start = async (...args: string[]): Promise<Ran> => {
    const output: string[] = [];
    const errors: string[] = [];
    const terminal: Terminal = {
      columns,
      isInteractive: answers !== undefined,
      print: (text) => void output.push(...text.split("\n")),
      warn: (text) => void errors.push(...text.split("\n")),
      redraw: () => {},
      style: (_, text) => text,
      ask: async (question) => {
        asked.push(question);
        return answers?.shift() ?? "";
      },
    };
    const environment = { DEFER_ENDPOINT: MEMORY_ENDPOINT, DEFER_TOKEN: "current" };
    const surroundings = {
      environment,
      directory: "/",
      terminal,
      fetch,
      now: ports.clock.now,
      signal: stopping.signal,
    };
    return { code: await run(args, surroundings), output, errors };
  };
  return { run: start, ports, requests, asked, stop: () => stopping.abort() };
}
