import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import type { FunctionManifest } from "../../builder/manifest.ts";
import { newApp } from "../../lib/app.ts";
import { addStacks } from "../../lib/stacks.ts";

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
    ...changes,
  };
}

/** The templates for functions with these manifests; their code is empty. */
export function templatesFor(
  manifests: FunctionManifest[],
  options: Parameters<typeof addStacks>[2] = {},
): { kept: Template; replaceable: Template } {
  const template = (app: App, id: string) => Template.fromStack(app.node.findChild(id) as Stack);
  return withApp(manifests, options, (app) => ({
    kept: template(app, "Epoque-stateful"),
    replaceable: template(app, "Epoque-stateless"),
  }));
}

/** Calls `use` with the app for these functions, as long as its files are there. */
export function withApp<T>(
  manifests: FunctionManifest[],
  options: Parameters<typeof addStacks>[2],
  use: (app: App) => T,
): T {
  const parent = mkdtempSync(join(tmpdir(), "epoque-templates-"));
  const folder = (name: string) => {
    const directory = join(parent, name);
    mkdirSync(directory);
    writeFileSync(join(directory, "index.mjs"), `// ${name}`);
    return directory;
  };
  const app = newApp({ outdir: join(parent, "out") });
  const code = {
    api: folder("api"),
    fire: folder("fire"),
    sweep: folder("sweep"),
    functions: manifests.map((manifest) => ({ manifest, directory: folder(`function-${manifest.name}`) })),
    warnings: [],
    inputs: [],
  };
  addStacks(app, code, options);
  try {
    return use(app);
  } finally {
    rmSync(parent, { recursive: true });
  }
}
