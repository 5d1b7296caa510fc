import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { DeployedFunction, FunctionSettings } from "../lambdas/core/functions.ts";
import { DEFAULT_MEMORY_MEGABYTES, DEFAULT_TASKS } from "../lambdas/core/limits.ts";
import { consoleFiles } from "./build-console.ts";
import { type BuildFunctionsOptions, type BuiltFunction, buildFunctions } from "./build-functions.ts";
import type { LambdaFiles } from "./bundle-handlers.ts";
import { type FunctionManifest, isFifo, rejectsAboveConcurrency } from "./manifest.ts";
import { ownHandlers } from "./own-handlers.ts";

/** The folders to deploy, one for each Lambda. */
export interface LambdaCode {
  api: string;
  fire: string;
  sweep: string;
  bulk: string;
  launch: string;
  /** The program by which a task loads its code: a JavaScript file. */
  loader: string;
  /** The runner's code with the user's bundle and manifest beside it. */
  functions: BuiltFunction[];
  warnings: string[];
  /** Faults of functions that were left out. Empty unless `partial`. */
  problems: string[];
  /** Faults of functions whose last good build is used. */
  outdated: string[];
  /** All the source files of the user that went in. */
  inputs: string[];
}

export interface BuildCodeOptions extends Omit<BuildFunctionsOptions, "directory"> {
  /** The folder of the user's functions. */
  functions: string;
  /** Whether the API serves the console. @default false */
  console?: boolean;
}

/**
 * Builds everything that goes to Lambda: the user's functions and our own handlers.
 * @throws FunctionBuildError if the user's functions cannot be built; its message is for the user
 */
export async function buildCode({
  functions,
  outDirectory,
  console: hasConsole = false,
  ...options
}: BuildCodeOptions): Promise<LambdaCode> {
  const [user, handlers] = await Promise.all([
    buildFunctions({ ...options, directory: functions, outDirectory: join(outDirectory, "functions") }),
    ownHandlers(),
  ]);
  const contract = await readFile(new URL("../openapi.json", import.meta.url), "utf-8");
  const catalog = user.functions.map(({ manifest }) => deployed(manifest));
  const [api, fire, sweep, bulk, launch] = await Promise.all([
    writeFiles(join(outDirectory, "api"), {
      ...handlers.api,
      "functions.json": toJson(catalog),
      "openapi.json": contract,
    }),
    writeFiles(join(outDirectory, "fire"), { ...handlers.fire, "functions.json": toJson(catalog) }),
    writeFiles(join(outDirectory, "sweep"), { ...handlers.sweep, "functions.json": toJson(catalog) }),
    writeFiles(join(outDirectory, "bulk"), { ...handlers.bulk, "functions.json": toJson(catalog) }),
    writeFiles(join(outDirectory, "launch"), { ...handlers.launch, "functions.json": toJson(catalog) }),
    writeFiles(join(outDirectory, "loader"), handlers.loader),
    ...user.functions.map(({ manifest, directory }) => {
      const { maxDurationSeconds, fresh, compute } = manifest;
      return writeFiles(directory, {
        ...handlers[compute === "fargate" ? "task" : "run"],
        "function.json": toJson({ ...deployed(manifest), maxDurationSeconds, fresh }),
      });
    }),
  ]);
  if (hasConsole) await cp(await consoleFiles(), join(api, "console"), { recursive: true });
  return { ...user, api, fire, sweep, bulk, launch, loader: join(outDirectory, "loader", "index.cjs") };
}

/** Returns the handlers' view of a function: see `lambdas/core/functions.ts`. */
function deployed(manifest: FunctionManifest): DeployedFunction {
  const { name, id, retry, concurrency: capacity, config, compute } = manifest;
  const { concurrency, rateLimit, onFailure, onSuccess, startTimeoutSeconds } = config;
  return {
    name,
    id,
    fifo: isFifo(manifest),
    retry,
    ...(capacity !== undefined && rejectsAboveConcurrency(manifest) && { capacity }),
    ...(concurrency && { concurrency }),
    ...(rateLimit && { rateLimit: { burst: 1, ...rateLimit } }),
    ...((onFailure ?? onSuccess) !== undefined && {
      followUps: { ...(onFailure !== undefined && { onFailure }), ...(onSuccess !== undefined && { onSuccess }) },
    }),
    ...(startTimeoutSeconds !== undefined && { startTimeoutSeconds }),
    ...(compute === "fargate" && { tasks: capacity ?? DEFAULT_TASKS }),
    settings: settingsOf(manifest),
  };
}

function settingsOf(manifest: FunctionManifest): FunctionSettings {
  const { concurrency, maxConcurrencyAction, maxDurationSeconds, compute, cron, config } = manifest;
  return {
    ...(concurrency !== undefined && { concurrency }),
    ...(maxConcurrencyAction !== undefined && { maxConcurrencyAction }),
    maxDurationSeconds,
    compute,
    memory: config.memory ?? DEFAULT_MEMORY_MEGABYTES,
    ...(cron !== undefined && { cron }),
    config: { ...config },
  };
}

async function writeFiles(directory: string, files: LambdaFiles): Promise<string> {
  await mkdir(directory, { recursive: true });
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(directory, name), text)));
  return directory;
}

function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
