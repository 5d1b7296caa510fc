import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Finding } from "./finding.ts";

/** The versions of `@defer/client` that the test suite drives. */
const OLDEST = [1, 1, 0] as const;
const NEWEST = [2, 3, 0] as const;

/** Checks the version of `@defer/client` that a project has. */
export async function checkClientVersion(directory: string): Promise<Finding[]> {
  const version = await installedVersion(directory);
  const what = "client";
  if (version === undefined) return [{ what, state: "skipped", message: "@defer/client is not installed here" }];
  const numbers = version.split(/[.-]/).map(Number);
  if (compare(numbers, OLDEST) < 0) {
    return [{ what, state: "bad", message: `@defer/client ${version} is too old: install ${NEWEST.join(".")}` }];
  }
  const isTried = compare(numbers, NEWEST) <= 0;
  const message = isTried
    ? `@defer/client ${version}`
    : `@defer/client ${version} is newer than ${NEWEST.join(".")}, the last one that was tried`;
  return [{ what, state: isTried ? "good" : "doubtful", message }];
}

// As Node looks for it. The package exports no package.json.
async function installedVersion(directory: string): Promise<string | undefined> {
  const file = join(directory, "node_modules", "@defer", "client", "package.json");
  try {
    return (JSON.parse(await readFile(file, "utf-8")) as { version: string }).version;
  } catch {
    const parent = dirname(directory);
    return parent === directory ? undefined : installedVersion(parent);
  }
}

function compare(numbers: readonly number[], others: readonly number[]): number {
  const index = others.findIndex((other, at) => numbers[at] !== other);
  return index === -1 ? 0 : (numbers[index] ?? 0) - (others[index] ?? 0);
}
