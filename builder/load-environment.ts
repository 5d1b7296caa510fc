import { searchPath } from "./environment.ts";

/** The functions' environment variables while they are built. */
export interface UserEnvironment {
  all: Record<string, string>;
  /** Variables of single functions, by the function's name. */
  overrides: Record<string, Record<string, string>>;
}

/**
 * Begins every placeholder. It reads as a URL and is long, since modules that check their variables while they are
 * loaded ask for that: T3 env, for one.
 */
const PLACEHOLDER = "placeholder://the-value-is-not-known-while-the-function-is-built/";

/** Returns what a variable is while a function is built, if its value is known only when it runs. */
export function placeholderFor(name: string): string {
  return PLACEHOLDER + name;
}

/** Returns the names of the variables that are placeholders. */
export function placeholdersIn(variables: Record<string, string>): string[] {
  return Object.keys(variables).filter((name) => variables[name]?.startsWith(PLACEHOLDER));
}

/** Returns the environment that a bundle is loaded in: that of the function's process on Lambda. */
export function loadEnvironment(variables: Record<string, string>, taskRoot: string): Record<string, string> {
  return {
    PATH: searchPath(),
    LANG: "en_US.UTF-8",
    NODE_ENV: "production",
    AWS_REGION: "us-east-1",
    AWS_DEFAULT_REGION: "us-east-1",
    AWS_LAMBDA_FUNCTION_NAME: "build",
    LAMBDA_TASK_ROOT: taskRoot,
    ...variables,
    TZ: "UTC",
    // @defer/client starts a scheduler of its own where it finds no token. This one is good for nothing.
    DEFER_TOKEN: "build",
    DEFER_ENDPOINT: "http://127.0.0.1:9",
  };
}
