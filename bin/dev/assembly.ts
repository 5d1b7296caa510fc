import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildCode } from "../../builder/build-code.ts";
import { newApp } from "../../lib/app.ts";
import { buildEnvironment } from "../../lib/build-environment.ts";
import { addStacks } from "../../lib/stacks.ts";
import { readEnvFiles } from "../env-files.ts";

/** The synthesized templates of the user's functions, and the files a watcher needs. */
export interface Assembly {
  directory: string;
  functions: string[];
  warnings: string[];
  /** Faults of functions that are not served. */
  problems: string[];
  inputs: string[];
}

export interface AssemblyOptions {
  envFiles?: readonly string[];
  executionTokens?: "tree" | "full";
  /** Whether the API serves the console. */
  console?: boolean;
}

/**
 * Builds the functions and synthesizes the CDK app, below `parent`: always in the same folder, so that what has not changed
 * is there once, and stays where running Lambdas have it from.
 * @throws FunctionBuildError; Error if one of `envFiles` cannot be read
 */
export async function assemble(
  functionsDirectory: string,
  parent: string,
  { envFiles = [], executionTokens = "tree", console: hasConsole = false }: AssemblyOptions = {},
): Promise<Assembly> {
  const variables = readEnvFiles(envFiles);
  const build = await mkdtemp(join(parent, "build-"));
  try {
    const code = await buildCode({
      functions: functionsDirectory,
      outDirectory: build,
      platform: "host",
      environment: buildEnvironment(variables),
      partial: true,
      console: hasConsole,
    });
    const app = newApp({ outdir: join(parent, "assembly") });
    addStacks(app, code, { environment: variables.environment, executionTokens });
    return {
      directory: app.synth().directory,
      functions: code.functions.map(({ manifest }) => manifest.name),
      warnings: [...code.warnings, ...Object.keys(variables.secrets).map(notHere)],
      problems: code.problems,
      inputs: [...code.inputs, ...envFiles],
    };
  } finally {
    // CDK has its own copy of everything by now.
    await rm(build, { recursive: true });
  }
}

function notHere(name: string): string {
  return `${name} is a secret in AWS and not set here; give it a value in another --env-file`;
}
