import { execFile } from "node:child_process";
import { copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

// The rules of the house are only as good as the linters that hold them: faults are planted, and all must be found.

const planted = resolve("test/lint/planted");
let project: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), "epoque-lint-"));
  await Promise.all(
    ["biome.json", ".oxlintrc.json", "tsconfig.json"].map((file) => copyFile(file, join(project, file))),
  );
  await cp("lint", join(project, "lint"), { recursive: true });
  await symlink(resolve("node_modules"), join(project, "node_modules"));
  await run("git", ["init", "--quiet"]);
});

afterAll(() => rm(project, { recursive: true }));

function run(command: string, args: string[]): Promise<string> {
  return new Promise((done) => execFile(command, args, { cwd: project }, (_, stdout, stderr) => done(stdout + stderr)));
}

interface Plant {
  path: string;
  source: string;
}

function faultsOf({ source }: Plant): number[] {
  return source.split("\n").flatMap((line, index) => (line.endsWith("// FAULT") ? [index + 1] : []));
}

/** Returns the lines that a report names, in order; `pattern` matches a line's number. */
function linesIn(report: string, pattern: RegExp): number[] {
  return [...new Set([...report.matchAll(pattern)].map(([, line]) => Number(line)))].sort((a, b) => a - b);
}

/** The folders of a tree from the lowest to the highest: each imports only those of a line above it, and itself. */
const layers: Readonly<Record<string, readonly (readonly string[])[]>> = {
  bin: [["terminal"], ["invocation"], ["verbs", "dev"], ["command"]],
  local: [["runtime", "gateway"], ["services"], ["template"]],
  "console/src": [
    ["state"],
    ["api"],
    ["ui"],
    ["json", "shell"],
    ["parts"],
    ["attention", "bulk", "execution", "executions", "functions", "schedules"],
  ],
};
const folders = Object.entries(layers).flatMap(([tree, levels]) =>
  levels.flatMap((level, index) => level.map((folder) => ({ tree, folder, below: levels.slice(0, index).flat() }))),
);

/** Faults of test/lint/planted, and where they are planted. */
const FAULTS = [
  ["core.ts", "lambdas/core/planted.ts"],
  ["flows.ts", "lambdas/flows/planted.ts"],
  ["aws.ts", "lambdas/aws/planted.ts"],
  ["log.ts", "lambdas/log/planted.ts"],
  ["decorators.ts", "lambdas/decorators/planted.ts"],
  ["room.ts", "lambdas/api/planted.ts"],
  ["room.ts", "lambdas/fire/planted.ts"],
  ["room.ts", "lambdas/run/planted.ts"],
  ["room.ts", "lambdas/sweep/planted.ts"],
  ["room.ts", "lambdas/bulk/planted.ts"],
  ["room.ts", "lambdas/launch/planted.ts"],
  ["handler.ts", "lambdas/run/handler.ts"],
  ["handler.ts", "lambdas/run/runner.ts"],
  ["handler.ts", "lambdas/run/task.ts"],
  ["loader.ts", "lambdas/run/load-task.ts"],
  ["env.ts", "lambdas/env/planted.ts"],
  ["lib.ts", "lib/planted.ts"],
  ["builder.ts", "builder/planted.ts"],
  ["local.ts", "local/planted.ts"],
  ["bin.ts", "bin/planted.ts"],
  ["script.ts", "scripts/planted.ts"],
  ["bench.ts", "bench/planted.ts"],
  ["harness.ts", "harness/planted.ts"],
  ["client.ts", "client/planted.ts"],
  ["console.tsx", "console/src/shell/planted.tsx"],
] as const;

function importsOf({ tree, folder, below }: (typeof folders)[number]): Plant {
  const others = (layers[tree] ?? []).flat().filter((other) => other !== folder);
  const lines = others.map((other, index) => {
    const statement = `import { used as used${index} } from "../${other}/any.ts";`;
    return below.includes(other) ? statement : `${statement} // FAULT`;
  });
  const uses = others.map((_, index) => `used${index}`).join(", ");
  const source = `${lines.join("\n")}\nexport const used: unknown[] = [${uses}];\n`;
  return { path: `${tree}/${folder}/imports.ts`, source };
}

const plantOf = async (file: string, path: string) => ({ path, source: await readFile(join(planted, file), "utf-8") });

describe("the lint wall", () => {
  let report: string;

  // Biome takes most of its time to start, so it reads all that is planted at once.
  beforeAll(async () => {
    const plants = await Promise.all(FAULTS.map(([file, path]) => plantOf(file, path)));
    plants.push(...folders.map(importsOf));
    for (const { path, source } of plants) {
      await mkdir(dirname(join(project, path)), { recursive: true });
      await writeFile(join(project, path), source);
    }
    const paths = plants.map(({ path }) => path);
    report = await run(resolve("node_modules/.bin/biome"), [
      "lint",
      "--reporter=github",
      "--max-diagnostics=none",
      ...paths,
    ]);
  });

  const reported = (path: string) => linesIn(report, new RegExp(`/${path},line=(\\d+)`, "g"));

  it.each(FAULTS)("finds the faults of %s planted as %s", async (file, path) => {
    expect(reported(path)).toEqual(faultsOf(await plantOf(file, path)));
  });

  it.each(folders)("lets $tree/$folder import what is below it alone", (folder) => {
    const plant = importsOf(folder);
    expect(reported(plant.path)).toEqual(faultsOf(plant));
  });

  it.each(Object.entries(layers))("has a place for each folder of %s", async (tree, levels) => {
    const entries = await readdir(tree, { withFileTypes: true });
    const present = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
    expect(levels.flat().sort()).toEqual(present.sort());
  });

  it("lets no promise get lost, and no state be forgotten", async () => {
    const plant = await plantOf("promises.ts", "lambdas/flows/promises.ts");
    await writeFile(join(project, plant.path), plant.source);
    const found = await run(resolve("node_modules/.bin/oxlint"), ["--type-aware", "--format=unix", plant.path]);
    expect(linesIn(found, /promises\.ts:(\d+):/g)).toEqual(faultsOf(plant));
  });
});
