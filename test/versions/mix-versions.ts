import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

interface Template {
  Resources: Record<
    string,
    { Type: string; Properties: { FunctionName?: string; Code?: Code; Environment?: unknown } }
  >;
}

interface Code {
  S3Bucket: unknown;
  S3Key: string;
}

interface Assets {
  files: Record<string, { source: { path: string }; destinations: Record<string, { objectKey: string }> }>;
}

/**
 * Writes to `directory` an assembly like `base`, in which the functions with matching names have code and variables of
 * `other`: a moment of a deployment between the two, in which roles have the rights of `base` already.
 */
export async function mixVersions(base: string, other: string, names: RegExp, directory: string): Promise<string> {
  await cp(base, directory, { recursive: true });
  const others = await Promise.all((await templatesOf(other)).map((file) => readJson<Template>(join(other, file))));
  const theirs = new Map(
    others.flatMap(({ Resources }) =>
      Object.values(Resources)
        .filter(({ Type }) => Type === "AWS::Lambda::Function")
        .map(({ Properties }) => [Properties.FunctionName, Properties] as const),
    ),
  );
  let mixed = 0;
  for (const file of await templatesOf(directory)) {
    const template = await readJson<Template>(join(directory, file));
    for (const { Type, Properties } of Object.values(template.Resources)) {
      const their = theirs.get(Properties.FunctionName);
      if (Type !== "AWS::Lambda::Function" || !names.test(Properties.FunctionName ?? "") || their === undefined)
        continue;
      Object.assign(Properties, { Code: their.Code, Environment: their.Environment });
      mixed += 1;
    }
    await writeJson(join(directory, file), template);
  }
  if (mixed === 0) throw new Error(`no function is called ${names}`);
  await addAssets(other, directory);
  return directory;
}

/** Adds the code of `other` under its own keys, which are hashes of what it holds. */
async function addAssets(other: string, directory: string): Promise<void> {
  for (const file of await filesOf(other, ".assets.json")) {
    const [own, their] = await Promise.all(
      [join(directory, file), join(other, file)].map((it) => readJson<Assets>(it)),
    );
    if (own === undefined || their === undefined) continue;
    for (const [id, { source, destinations }] of Object.entries(their.files)) {
      own.files[id] ??= { source: { path: join("other", source.path) }, destinations };
    }
    await writeJson(join(directory, file), own);
  }
  await cp(other, join(directory, "other"), { recursive: true });
}

const templatesOf = (directory: string) => filesOf(directory, ".template.json");

async function filesOf(directory: string, extension: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith(extension));
}

async function readJson<T>(file: string): Promise<T> {
  return JSON.parse(await readFile(file, "utf-8")) as T;
}

function writeJson(file: string, value: unknown): Promise<void> {
  return writeFile(file, JSON.stringify(value));
}
