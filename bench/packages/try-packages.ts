import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual, promisify } from "node:util";
import { assemble } from "../../bin/dev/assembly.ts";
import { bundleFunction } from "../../builder/bundle-function.ts";
import { aCloud } from "../../harness/a-cloud.ts";
import type { PackageCase } from "./catalog.ts";

/** Outcome of trying one package. */
export interface Row {
  kind: string;
  name: string;
  version: string;
  /** Packages that lie beside the bundle; those that they need are left out. */
  beside: string[];
  /** Why its function does not do what it should; absent if it does. */
  problem?: string;
}

const RUN_MS = 120_000;

/** Decorators as TypeORM and NestJS want them. */
const TSCONFIG = {
  compilerOptions: {
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    esModuleInterop: true,
    target: "es2022",
  },
};

/** Installs `cases` in one project, and builds and runs a function for each. */
export async function tryPackages(kind: string, cases: readonly PackageCase[]): Promise<Row[]> {
  const directory = await mkdtemp(join(tmpdir(), "epoque-packages-"));
  try {
    const rows = new Map(cases.map(({ name }): [string, Row] => [name, { kind, name, version: "?", beside: [] }]));
    const rowOf = (name: string) => rows.get(name) ?? { kind, name, version: "?", beside: [] };
    await install(directory, cases);
    for (const one of cases) {
      const row = rowOf(one.name);
      row.version = await versionOf(directory, one.name);
      const source = join(directory, "defer", `${functionName(one)}.ts`);
      await writeFile(source, sourceOf(one));
      const bundle = await bundleFunction(source, directory, join(directory, "out", functionName(one)));
      if ("problems" in bundle) row.problem = bundle.problems.map(({ message }) => message).join("; ");
      else row.beside = bundle.externals.map(({ name }) => name);
      if (row.problem !== undefined) await rm(source);
    }
    await run(directory, cases, rowOf);
    return [...rows.values()];
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** Runs the functions whose build is good on the local cloud. */
async function run(directory: string, cases: readonly PackageCase[], rowOf: (name: string) => Row): Promise<void> {
  const { directory: assembly, problems } = await assemble(join(directory, "defer"), directory);
  for (const one of cases) {
    const problem = problems.find((text) => text.includes(`${functionName(one)}.ts`));
    if (problem !== undefined) rowOf(one.name).problem = problem;
  }
  await using epoque = await aCloud({ assembly, dynamodb: "dynalite" });
  for (const one of cases) {
    if (rowOf(one.name).problem === undefined) Object.assign(rowOf(one.name), await problemOf(one, epoque));
  }
}

async function problemOf(one: PackageCase, { calls }: Awaited<ReturnType<typeof aCloud>>): Promise<Partial<Row>> {
  const id = await calls.enqueue(functionName(one));
  const { state } = await calls.ended(id, RUN_MS);
  const result = await calls.result(id);
  if (state === "succeed" && isDeepStrictEqual(result, one.expected)) return {};
  return { problem: `${String(state)}: ${JSON.stringify(result)}`.slice(0, 1500) };
}

async function install(directory: string, cases: readonly PackageCase[]): Promise<void> {
  const names = new Set(cases.flatMap(({ name, with: others = [] }) => [name, ...others]));
  const manifest = { private: true, type: "module", dependencies: { "@defer/client": "2.3.0" } };
  await mkdir(join(directory, "defer"));
  await writeFile(join(directory, "package.json"), JSON.stringify(manifest));
  await writeFile(join(directory, "tsconfig.json"), JSON.stringify(TSCONFIG));
  await promisify(execFile)(
    "npm",
    ["install", "--no-audit", "--no-fund", "--legacy-peer-deps", "--ignore-scripts", ...names],
    {
      cwd: directory,
      maxBuffer: 1e8,
    },
  );
}

async function versionOf(directory: string, name: string): Promise<string> {
  const manifest = await readFile(join(directory, "node_modules", name, "package.json"), "utf-8");
  return (JSON.parse(manifest) as { version: string }).version;
}

function functionName({ name }: PackageCase): string {
  return `use_${name.replaceAll(/[^A-Za-z0-9]+/g, "_").replace(/^_/, "")}`;
}

function sourceOf(one: PackageCase): string {
  const name = functionName(one);
  return `import { defer } from "@defer/client";\n${one.imports}\nasync function ${name}(): Promise<any> { ${one.body} }\nexport default defer(${name});\n`;
}
