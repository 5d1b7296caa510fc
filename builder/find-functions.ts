import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FunctionBuildError } from "./build-errors.ts";

const SOURCE = /\.[cm]?[jt]sx?$/;
const DECLARATION = /\.d\.[cm]?ts$/;
/** `*.spec.*`, `*_test.*` and the like, and files that begin with a dot: settings of tools, locks of editors. */
const LEFT_OUT_FILE = /[._](spec|test)\.|^\./;
const LEFT_OUT_FOLDER = /^(specs?|tests?|node_modules|\..*)$/;

/**
 * The files of `directory`, nested folders included, that hold functions: sources, but no tests and no declarations.
 * Absolute paths, in an order that does not depend on the machine.
 * @throws FunctionBuildError if there is no such folder, or no function in it
 */
export async function findFunctions(directory: string): Promise<string[]> {
  const isFolder = await stat(directory).then(
    (found) => found.isDirectory(),
    () => undefined,
  );
  if (isFolder === undefined)
    throw refusal(`the folder of functions ${directory} does not exist; make it, or name the folder that holds them`);
  if (!isFolder) throw refusal(`${directory} is not a folder; name the folder that holds the functions`);
  const files = await walk(directory);
  if (files.length === 0)
    throw refusal(`there are no functions in ${directory}; put a file there that exports defer(…)`);
  return files.sort();
}

async function walk(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry) => {
      const path = join(directory, entry.name);
      // Links to folders are not followed: they may lead in a circle.
      if (entry.isDirectory()) return LEFT_OUT_FOLDER.test(entry.name) ? [] : walk(path);
      return isFunctionFile(entry.name) ? [path] : [];
    }),
  );
  return found.flat();
}

function isFunctionFile(name: string): boolean {
  return SOURCE.test(name) && !DECLARATION.test(name) && !LEFT_OUT_FILE.test(name);
}

/** The user's project: the nearest folder upwards with a `package.json`, else the folder that the functions lie in. */
export function projectRoot(directory: string): string {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, "package.json"))) return folder;
    if (folder === dirname(folder)) return dirname(directory);
  }
}

function refusal(message: string): FunctionBuildError {
  return new FunctionBuildError([{ message }]);
}
