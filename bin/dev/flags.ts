import { resolve } from "node:path";
import { parseArgs } from "node:util";

export interface Flags {
  /** Port of the HTTP API; 0 picks a free one. */
  port: number;
  functionsDirectory: string;
  envFiles: string[];
  dataDirectory?: string;
  dynamodb: "dynalite" | "local";
  token: string;
  executionTokens: "tree" | "full";
}

/** The text of `--help` for `command`. */
export const usage = (command: string) => `${command} [flags]

  --port N           port of the API (default 8787, or PORT; 0 = any free one)
  --functions DIR    folder of the deferred functions (default defer)
  --env-file FILE    environment variables of the functions, NAME=value; may be given again
  --data DIR         keep state here across restarts (default: in memory)
  --dynamodb KIND    dynalite (default), or local: AWS's DynamoDB Local, needs a JDK of 17 or newer
  --token TEXT       the API token (default local, or DEFER_TOKEN)
  --execution-tokens full
                     lets functions reach every execution, not only those of their own tree`;

/**
 * The flags of `npm start` and `npx epoque dev`, or in one line what is wrong with them. Folders are taken from where
 * npm was called.
 */
export function parseFlags(
  args: string[],
  environment: Record<string, string | undefined>,
): Flags | { help: true } | { problem: string } {
  const read = readArgs(args);
  if ("problem" in read) return read;
  const { values } = read;
  if (values.help) return { help: true };
  const port = values.port ?? environment["PORT"] ?? "8787";
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535) return { problem: `--port: "${port}" is not a port number` };
  const dynamodb = values.dynamodb ?? "dynalite";
  if (dynamodb !== "dynalite" && dynamodb !== "local") {
    return { problem: `--dynamodb: "${dynamodb}" is neither dynalite nor local` };
  }
  const token = values.token ?? environment["DEFER_TOKEN"] ?? "local";
  // A value that a header cannot carry would never match; Secrets Manager takes no empty value.
  if (!/^[!-~]+$/.test(token)) return { problem: "--token: must be printable ASCII without spaces" };
  const executionTokens = values["execution-tokens"] ?? "tree";
  if (executionTokens !== "tree" && executionTokens !== "full") {
    return { problem: `--execution-tokens: "${executionTokens}" is neither tree nor full` };
  }
  return {
    port: Number(port),
    functionsDirectory: resolve(values.functions ?? "defer"),
    envFiles: (values["env-file"] ?? []).map((path) => resolve(path)),
    ...(values.data !== undefined && { dataDirectory: resolve(values.data) }),
    dynamodb,
    token,
    executionTokens,
  };
}

function readArgs(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        port: { type: "string" },
        functions: { type: "string" },
        "env-file": { type: "string", multiple: true },
        data: { type: "string" },
        dynamodb: { type: "string" },
        token: { type: "string" },
        "execution-tokens": { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (error) {
    return { problem: `${(error as Error).message.split("\n")[0]} (--help lists the flags)` };
  }
}
