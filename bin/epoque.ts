import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildCode } from "../builder/build-code.ts";
import { FunctionBuildError } from "../builder/build-errors.ts";
import { describeSizes } from "../builder/code-sizes.ts";
import { ownHandlers } from "../builder/own-handlers.ts";
import { newApp } from "../lib/app.ts";
import { buildEnvironment } from "../lib/build-environment.ts";
import { addStacks } from "../lib/stacks.ts";
import { readContext } from "./context.ts";
import { readEnvFiles } from "./invocation/env-files.ts";

// The CDK app: `npx cdk synth` and `npx cdk deploy` run it (cdk.json).

const app = newApp();
const functions = resolve(String(app.node.getContext("functions")));
// Several are given with commas.
const envFiles = String(app.node.tryGetContext("envFile") ?? "")
  .split(",")
  .filter(Boolean);
const { console: hasConsole = true, ...settings } = readContext((name) => app.node.tryGetContext(name) as unknown);
const outDirectory = await mkdtemp(join(tmpdir(), "epoque-build-"));
try {
  const variables = readEnvFiles(envFiles);
  const environment = buildEnvironment(variables);
  const code = await buildCode({ functions, outDirectory, platform: "lambda", environment, console: hasConsole });
  for (const warning of code.warnings) console.warn(warning);
  console.error(describeSizes(await ownHandlers()));
  addStacks(app, code, { ...variables, ...settings });
  app.synth();
} catch (error) {
  if (!(error instanceof FunctionBuildError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await rm(outDirectory, { recursive: true });
}
