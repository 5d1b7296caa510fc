import { mkdir, rm, symlink } from "node:fs/promises";
import { join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { buildFunctions } from "../../builder/build-functions.ts";
import type { FunctionManifest } from "../../builder/manifest.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { aProject } from "../support/a-project.ts";
import { type ClientVersion, clientVersions } from "../support/client-versions.ts";

const of = (call: string) => `import { defer } from "@defer/client";\n${call}\n`;

const sources = {
  "defer/greet.js": of(
    "async function greet(name) { return name; }\nexport default defer(greet, { retry: 2, concurrency: 3, maxDuration: 60 });",
  ),
  "defer/often.js": of("const often = async () => {};\nexport default defer(often, { retry: true });"),
  "defer/tick.js": of('async function tick() {}\nexport default defer.cron(tick, "0 * * * *");'),
  "defer/common.cjs":
    'const { defer } = require("@defer/client");\nasync function common() {}\nmodule.exports = defer(common, { retry: 1 });\n',
};

async function manifestsOf(version: ClientVersion): Promise<Record<string, FunctionManifest>> {
  await using project = await aProject(sources);
  const installed = join(project.directory, "node_modules/@defer/client");
  await rm(installed);
  await mkdir(join(installed, ".."), { recursive: true });
  await symlink(resolve("node_modules", clientVersions[version]), installed);
  const out = join(project.directory, "out");
  const { functions } = await buildFunctions({
    directory: join(project.directory, "defer"),
    outDirectory: out,
    platform: "host",
  });
  return Object.fromEntries(functions.map(({ manifest }) => [manifest.name, manifest]));
}

const defaults = { initialIntervalSeconds: 30, randomizationFactor: 0.5, multiplier: 1.5, maxIntervalSeconds: 600 };

describe("functions of every version of the client", () => {
  it.each(Object.keys(clientVersions) as ClientVersion[])("%s", async (version) => {
    const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
    const since = (first: number) => major > 1 || minor >= first;
    const { greet, often, tick, common } = await manifestsOf(version);
    expect(greet).toMatchObject({
      id: functionId("greet"),
      file: "defer/greet.js",
      retry: { maxAttempts: 2, ...defaults },
      // Older ones do not tell what they were given.
      maxDurationSeconds: since(9) ? 60 : 885,
      fresh: !since(9),
    });
    expect(greet?.concurrency).toBe(since(9) || (minor === 3 && patch === 1) ? 3 : undefined);
    expect(often?.retry).toEqual({ maxAttempts: since(3) ? 13 : 12, ...defaults });
    expect(tick).toMatchObject({ cron: "0 * * * *", retry: { maxAttempts: 0, ...defaults } });
    expect(common?.retry.maxAttempts).toBe(1);
  });
});
