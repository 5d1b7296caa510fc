import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KEY_SCHEMA } from "../../lambdas/aws/dynamodb/key-schema.ts";

/** Names the key schema that the tables in the folder have. */
const MARKER = "key-schema";

/**
 * Makes the folder of `--data`, or checks that an existing one can be used.
 * @throws Error if another version of Epoque wrote it, whose records this one would not find
 */
export async function prepareDataDirectory(directory: string): Promise<void> {
  await mkdir(directory, { recursive: true });
  const marker = join(directory, MARKER);
  const isEmpty = (await readdir(directory)).length === 0;
  const found = isEmpty ? undefined : await readFile(marker, "utf-8").catch(() => "1");
  if (found === undefined) await writeFile(marker, `${KEY_SCHEMA}\n`);
  else if (Number(found) !== KEY_SCHEMA) {
    throw new Error(
      `--data: ${directory} was written by a version of Epoque with another key schema (${Number(found)}, ` +
        `this one has ${KEY_SCHEMA}); remove the folder or name another one`,
    );
  }
}
