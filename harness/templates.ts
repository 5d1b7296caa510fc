import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { Construct } from "constructs";
import type { LambdaCode } from "../builder/build-code.ts";
import type { FunctionManifest } from "../builder/manifest.ts";
import { newApp } from "../lib/app.ts";
import { setNamePrefix } from "../lib/naming.ts";
import { addStacks } from "../lib/stacks.ts";
import { addStatelessResources, type StatelessResources } from "../lib/stateless.ts";
import { Storage } from "../lib/storage.ts";

export function aManifest(changes: Partial<FunctionManifest> = {}): FunctionManifest {
  return {
    name: "importContacts",
    id: "id",
    file: "defer/importContacts.ts",
    retry: {
      maxAttempts: 0,
      initialIntervalSeconds: 30,
      randomizationFactor: 0.5,
      multiplier: 1.5,
      maxIntervalSeconds: 600,
    },
    maxDurationSeconds: 885,
    compute: "lambda",
    fresh: false,
    config: {},
    ...changes,
  };
}

/** The templates for functions with these manifests; their code is empty, but for `changes`. */
export function templatesFor(
  manifests: FunctionManifest[],
  options: Parameters<typeof addStacks>[2] = {},
  changes: Partial<LambdaCode> = {},
): { stateful: Template; stateless: Template } {
  const template = (app: App, id: string) => Template.fromStack(app.node.findChild(id) as Stack);
  return withApp(
    manifests,
    options,
    (app) => ({
      stateful: template(app, "Epoque-stateful"),
      stateless: template(app, "Epoque-stateless"),
    }),
    changes,
  );
}

/** Calls `use` with the app for these functions, as long as its files are there. */
export function withApp<T>(
  manifests: FunctionManifest[],
  options: Parameters<typeof addStacks>[2],
  use: (app: App) => T,
  changes: Partial<LambdaCode> = {},
): T {
  return withCode(manifests, (code, outdir) => {
    const app = newApp({ outdir, builtinCloudFormationValidation: false });
    addStacks(app, { ...code, ...changes }, options);
    return use(app);
  });
}

/** Calls `use` with a stack of the user's, which holds an Epoque with these functions and these options. */
export function withStack<T>(
  manifests: FunctionManifest[],
  optionsIn: (stack: Stack) => Parameters<typeof addStacks>[2] & { name?: string },
  use: (stack: Stack, parts: StatelessResources) => T,
): T {
  return withCode(manifests, (code, outdir) => {
    const stack = new Stack(newApp({ outdir, builtinCloudFormationValidation: false }), "Mine", {
      env: { region: "eu-west-1" },
    });
    const { name, ...options } = optionsIn(stack);
    const jobs = new Construct(stack, "Jobs");
    setNamePrefix(jobs, name);
    const storage = new Storage(jobs, "Storage");
    return use(stack, addStatelessResources(jobs, { storage, code, ...options }));
  });
}

function withCode<T>(manifests: FunctionManifest[], use: (code: LambdaCode, outdir: string) => T): T {
  const parent = mkdtempSync(join(tmpdir(), "epoque-templates-"));
  const folder = (name: string) => {
    const directory = join(parent, name);
    mkdirSync(directory);
    writeFileSync(join(directory, "index.mjs"), `// ${name}`);
    return directory;
  };
  const code = {
    api: folder("api"),
    fire: folder("fire"),
    sweep: folder("sweep"),
    bulk: folder("bulk"),
    launch: folder("launch"),
    loader: join(folder("loader"), "index.mjs"),
    functions: manifests.map((manifest) => ({ manifest, directory: folder(`function-${manifest.name}`) })),
    warnings: [],
    problems: [],
    outdated: [],
    inputs: [],
  };
  try {
    return use(code, join(parent, "out"));
  } finally {
    rmSync(parent, { recursive: true });
  }
}
