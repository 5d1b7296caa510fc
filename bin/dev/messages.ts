import { FunctionBuildError } from "../../builder/build-errors.ts";

/** One clear line (one for each problem of the functions) for why the local run cannot go on. */
export function describeFailure(error: unknown): string {
  if (error instanceof FunctionBuildError) return error.message;
  if (error instanceof Error && (error as NodeJS.ErrnoException).code === "EADDRINUSE") {
    return `${error.message}; choose another with --port`;
  }
  return error instanceof Error ? error.message : String(error);
}

/** Counts and names the functions that are served: `1 function: hello`. */
export function listed(functions: readonly string[]): string {
  return `${functions.length} ${functions.length === 1 ? "function" : "functions"}: ${functions.join(", ")}`;
}

/** Tells a developer how to use the running service; scripts look for the last line. */
export function welcome(endpoint: string, token: string, functions: readonly string[], console: string): string {
  return [
    listed(functions),
    "In the app that calls them, set the two variables below; @defer/client does the rest. Or by hand:",
    `  curl -X PUT ${endpoint}/public/v2/executions -H "Authorization: Bearer ${token}" \\`,
    `    -H "Content-Type: application/json" -d '{"function_name":"${functions[0]}","function_arguments":[]}'`,
    "Ctrl-C ends it.",
    "",
    `console  ${console}`,
    `ready  DEFER_ENDPOINT=${endpoint}  DEFER_TOKEN=${token}`,
  ].join("\n");
}
