import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Packages the user's app needs itself: the client of its functions, and the compiler. */
const OF_THE_APP = ["aws-cdk-lib", "constructs", "@defer/client", "@types/node"];

/** The package as npm packs it, unpacked into a folder. */
export interface Packed {
  folder: string;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Packs this project. */
export async function packed(): Promise<Packed> {
  const parent = await mkdtemp(join(tmpdir(), "epoque-packed-"));
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", parent]);
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf("["))) as [{ filename: string }];
  await run("tar", ["xzf", join(parent, filename), "-C", parent]);
  return {
    folder: join(parent, "package"),
    [Symbol.asyncDispose]: () => rm(parent, { recursive: true }),
  };
}

/**
 * A user's CDK app in `folder`, in which the package is installed: the package itself as a copy, as npm does it, and
 * links to the packages that it says it needs, and to none but those.
 */
export async function installedIn(
  folder: string,
  { folder: from }: Packed,
  type: "module" | "commonjs",
): Promise<void> {
  await cp("examples/cdk-app", folder, { recursive: true });
  await cp("test/fixtures/wrong-options", join(folder, "src"), { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "app", type }));
  const modules = join(folder, "node_modules");
  await cp(from, join(modules, "epoque"), { recursive: true });
  const { dependencies, peerDependencies } = JSON.parse(await readFile(join(from, "package.json"), "utf-8")) as Record<
    string,
    Record<string, string> | undefined
  >;
  for (const name of new Set([...Object.keys({ ...dependencies, ...peerDependencies }), ...OF_THE_APP])) {
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(resolve("node_modules", name), join(modules, name));
  }
}
