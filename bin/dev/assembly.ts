import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildCode } from "../../builder/build-code.ts";
import type { BuiltFunction } from "../../builder/build-functions.ts";
import { newApp } from "../../lib/app.ts";
import { buildEnvironment } from "../../lib/build-environment.ts";
import { addStacks } from "../../lib/stacks.ts";
import { readEnvFiles } from "../invocation/env-files.ts";

/** The synthesized templates of the user's functions, and the files a watcher needs. */
export interface Assembly {
  directory: string;
  functions: string[];
  warnings: string[];
  /** Faults of functions that are not served. */
  problems: string[];
  /** Faults of functions that are served as they were last built. */
  outdated: string[];
  /** For the next call, which serves them where their files have become faulty. */
  built: readonly BuiltFunction[];
  inputs: string[];
}

export interface AssemblyOptions {
  envFiles?: readonly string[];
  executionTokens?: "tree" | "full";
  /** Whether signed requests are taken. */
  iamAuth?: boolean;
  /** Whether the API serves the console. */
  console?: boolean;
  /** The functions of the build before, which are served where their files have become faulty. */
  lastGood?: readonly BuiltFunction[];
}

/**
 * Builds the functions and synthesizes the CDK app, below `parent`: always in the same folder, so that what has not
 * changed is there once, and stays where running Lambdas have it from.
 * @throws FunctionBuildError; Error if one of `envFiles` cannot be read
 */
export async function assemble(
  functionsDirectory: string,
  parent: string,
  {
    envFiles = [],
    executionTokens = "tree",
    iamAuth = false,
    console: hasConsole = false,
    lastGood = [],
  }: AssemblyOptions = {},
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
      lastGood,
    });
    const app = newApp({
      outdir: join(parent, "assembly"),
      builtinCloudFormationValidation: false,
      treeMetadata: false,
    });
    addStacks(app, code, { environment: variables.environment, executionTokens, iamAuth });
    const { directory } = app.synth();
    // CDK has its own copy of everything by now; a later build may need those of the functions.
    await Promise.all([code.api, code.fire, code.sweep, ...unused(lastGood, code.functions)].map(remove));
    return {
      directory,
      functions: code.functions.map(({ manifest }) => manifest.name),
      built: code.functions,
      warnings: [...code.warnings, ...Object.keys(variables.secrets).map(notHere)],
      problems: code.problems,
      outdated: code.outdated,
      inputs: [...code.inputs, ...envFiles],
    };
  } catch (error) {
    await remove(build);
    throw error;
  }
}

function unused(earlier: readonly BuiltFunction[], now: readonly BuiltFunction[]): string[] {
  return earlier.map(({ directory }) => directory).filter((each) => !now.some(({ directory }) => directory === each));
}

const remove = (directory: string) => rm(directory, { recursive: true });

function notHere(name: string): string {
  return `${name} is a secret in AWS and not set here; give it a value in another --env-file`;
}
