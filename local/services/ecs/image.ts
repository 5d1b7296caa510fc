import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { hostPath } from "../../env.ts";

// Stands for AWS's image of Lambda for Node.js: this machine's Node, and the SDK that lies in this project.

/** Programs of the image, and what runs in their place. */
const programs: Readonly<Record<string, string>> = { "/var/lang/bin/node": process.execPath };

/** Folders of the image, and what is there in their place. */
const folders: Readonly<Record<string, () => string>> = { "/var/runtime/node_modules": sdkFolder };

/** Returns the program of this machine for one of the image. @throws Error for a program that it has not */
export function programFor(path: string): string {
  const program = programs[path];
  if (program === undefined) throw new Error(`the image has no ${path} here`);
  return program;
}

/** Returns the variables of a container: those of the image, and over them its own. */
export function containerVariables(own: Readonly<Record<string, string>>, taskRoot: string): Record<string, string> {
  const variables = Object.entries(own).map(([name, value]) => [name, folders[value]?.() ?? value]);
  return {
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    PATH: `${dirname(process.execPath)}:${hostPath()}`,
    LAMBDA_TASK_ROOT: taskRoot,
    ...(Object.fromEntries(variables) as Record<string, string>),
  };
}

function sdkFolder(): string {
  const entry = createRequire(import.meta.url).resolve("@aws-sdk/client-s3");
  const folder = `${sep}node_modules${sep}`;
  return entry.slice(0, entry.lastIndexOf(`${folder}@aws-sdk`) + folder.length - 1);
}
