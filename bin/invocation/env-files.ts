import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";
import type { FunctionOptions } from "../../lib/options.ts";

/** Variables of an app's own file that name Epoque: the runner sets them for each function. */
const OF_THE_APP = new Set(["DEFER_TOKEN", "DEFER_ENDPOINT"]);

/** A value that begins with this is a secret's ARN or name (and behind a `:` the field of its JSON object). */
const SECRET = "secret:";

/** The user's variables, as in `FunctionOptions`. */
export interface Variables {
  environment: Record<string, string>;
  secrets: Record<string, string>;
}

/**
 * The functions' environment variables in files of lines `NAME=value`. What a later file says counts.
 * @throws Error naming the file that cannot be read
 */
export function readEnvFiles(paths: readonly string[]): Variables {
  const variables = Object.assign({}, ...paths.map(read)) as Record<string, string>;
  const entries = Object.entries(variables).filter(([name]) => !OF_THE_APP.has(name));
  const isSecret = ([, value]: [string, string]) => value.startsWith(SECRET);
  return {
    environment: Object.fromEntries(entries.filter((entry) => !isSecret(entry))),
    secrets: Object.fromEntries(entries.filter(isSecret).map(([name, value]) => [name, value.slice(SECRET.length)])),
  } satisfies FunctionOptions;
}

function read(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, "utf-8"));
  } catch (cause) {
    throw new Error(`the file of environment variables ${path} cannot be read: ${(cause as Error).message}`, { cause });
  }
}
