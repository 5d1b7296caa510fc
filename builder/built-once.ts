import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../", import.meta.url));

/** Tells the installed packages, on which every build depends beside its sources. */
const PACKAGES = "package-lock.json";

/**
 * Returns the folder that `build` fills, in the repository's cache: as it was filled before, unless the sources or the
 * installed packages have changed since. Processes may call this at once.
 * @param sources files and folders, as seen from `root`
 */
export async function builtOnce(
  name: string,
  sources: readonly string[],
  build: (folder: string) => Promise<void>,
  root = project,
): Promise<string> {
  const cache = join(root, "node_modules/.cache", name);
  const hash = await hashOf(root, [...sources, PACKAGES]);
  const built = join(cache, hash);
  if (existsSync(built)) return built;
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "unfinished-"));
  try {
    await build(folder);
    await rename(folder, built);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    // Another process may have built the same meanwhile.
    if (!existsSync(built)) throw error;
  }
  const outdated = (await readdir(cache)).filter((other) => other !== hash && !other.startsWith("unfinished-"));
  await Promise.all(outdated.map((other) => rm(join(cache, other), { recursive: true, force: true })));
  return built;
}

async function hashOf(root: string, sources: readonly string[]): Promise<string> {
  const hash = createHash("sha256");
  for (const path of (await Promise.all(sources.map((source) => filesIn(root, source)))).flat()) {
    const content = await readFile(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest("hex").slice(0, 16);
}

async function filesIn(root: string, source: string): Promise<string[]> {
  const path = join(root, source);
  if ((await stat(path)).isFile()) return [source];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .sort();
}
