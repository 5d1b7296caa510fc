import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { UsageError } from "./errors.ts";

/** Address of a deployment, and the token to call it with. */
export interface Target {
  endpoint: string;
  token: string;
}

/** The cloud of `npx epoque dev`, as it is without flags. */
const LOCAL: Target = { endpoint: "http://127.0.0.1:8787", token: "local" };

/**
 * Reads endpoint and token from the variables that `@defer/client` reads, or from a profile: a file of these variables
 * in the user's configuration.
 * @throws UsageError telling what to set
 */
export function readTarget(environment: Record<string, string | undefined>, profile: string | undefined): Target {
  if (profile !== undefined) return readProfile(environment, profile);
  const { DEFER_ENDPOINT: endpoint, DEFER_TOKEN: token } = environment;
  if (!endpoint || !token) {
    const missing = [!endpoint && "DEFER_ENDPOINT", !token && "DEFER_TOKEN"].filter(Boolean).join(" and ");
    throw new UsageError(`set ${missing}, or name a profile: --profile local is npx epoque dev on this machine`);
  }
  return { endpoint, token };
}

function readProfile(environment: Record<string, string | undefined>, name: string): Target {
  if (!/^[\w.-]{1,64}$/.test(name)) throw new UsageError(`--profile: ${name} is not the name of a profile`);
  const file = join(environment["XDG_CONFIG_HOME"] || join(homedir(), ".config"), "epoque", `${name}.env`);
  let text: string;
  try {
    text = readFileSync(file, "utf-8");
  } catch (cause) {
    if (name === "local") return LOCAL;
    throw new UsageError(`--profile: write DEFER_ENDPOINT and DEFER_TOKEN of ${name} into ${file}`, { cause });
  }
  const { DEFER_ENDPOINT: endpoint, DEFER_TOKEN: token } = parseEnv(text);
  if (!endpoint || !token) throw new UsageError(`--profile: ${file} must set DEFER_ENDPOINT and DEFER_TOKEN`);
  return { endpoint, token };
}
