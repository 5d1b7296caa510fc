import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, join, relative, resolve, sep } from "node:path";
import type { Context } from "../invocation/context.ts";
import { Failure } from "../invocation/errors.ts";
import { functionsFolder } from "../invocation/functions-folder.ts";

/** Packages that the CDK app needs beside this one. */
const NEEDED = ["aws-cdk-lib", "constructs", "aws-cdk"];

/** Writes a small CDK app beside the folder of functions, and tells what to run next. Nothing else is changed. */
export default async function init(
  context: Context,
  _: readonly string[],
  { functions: named, into }: { functions?: string; into: string },
): Promise<void> {
  const { directory } = context;
  const functions = functionsFolder(directory, named);
  if (functions === undefined) {
    throw new Failure(`there is no ${named ?? "folder defer or src/defer here: name yours with --functions"}`);
  }
  const folder = resolve(directory, into);
  const files = { "app.mjs": app(directory, folder, functions), "cdk.json": '{ "app": "node app.mjs" }\n' };
  const existing = Object.keys(files).find((name) => existsSync(join(folder, name)));
  if (existing !== undefined) throw new Failure(`${join(into, existing)} is there already; nothing was written`);
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);

  const missing = NEEDED.filter((name) => !isInstalled(directory, name));
  const next = [
    ...(missing.length === 0 ? [] : [`npm install --save-dev ${missing.join(" ")}`]),
    `cd ${into} && npx cdk bootstrap && npx cdk deploy`,
  ];
  context.show({ written: Object.keys(files).map((name) => join(into, name)), next }, () =>
    [`wrote ${join(into, "app.mjs")} and ${join(into, "cdk.json")}`, "", "next:", ...next.map((it) => `  ${it}`)].join(
      "\n",
    ),
  );
}

function app(directory: string, folder: string, functions: string): string {
  const path = relative(folder, functions).split(sep).join("/");
  return `import { fileURLToPath } from "node:url";
import { App, CfnOutput, Stack } from "aws-cdk-lib";
import { Epoque } from "epoque";

const stack = new Stack(new App(), ${JSON.stringify(stackName(directory))});
const jobs = new Epoque(stack, "Jobs", {
  functions: fileURLToPath(new URL(${JSON.stringify(path)}, import.meta.url)),
});

// The two variables of the app that calls the functions; the second is the name of a secret.
new CfnOutput(stack, "DeferEndpoint", { value: jobs.endpoint });
new CfnOutput(stack, "DeferTokenSecret", { value: jobs.apiToken.secretName });
`;
}

// A stack's name has letters, digits and hyphens, and begins with a letter.
function stackName(directory: string): string {
  const name = basename(directory).replaceAll(/[^A-Za-z0-9]+/g, "-");
  return `${/^[A-Za-z]/.test(name) ? name : `app${name}`}-jobs`.replaceAll(/-+/g, "-");
}

function isInstalled(directory: string, name: string): boolean {
  try {
    createRequire(join(directory, "package.json")).resolve(`${name}/package.json`);
    return true;
  } catch {
    return false;
  }
}
