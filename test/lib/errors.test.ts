import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { expect, it } from "vitest";
import { aManifest, templatesFor } from "../../harness/templates.ts";
import { Epoque, FunctionBuildError, OptionError } from "../../lib/epoque.ts";
import { Storage } from "../../lib/storage.ts";
import { aProject } from "../support/a-project.ts";

it("functions that cannot be built are a FunctionBuildError with a problem for each", {
  timeout: 120_000,
}, async () => {
  await using project = await aProject({ "package.json": "{}", "defer/broken.ts": "const" });
  const stack = new Stack(new App({ outdir: join(project.directory, "out") }), "Mine");
  let thrown: unknown;
  try {
    new Epoque(stack, "Jobs", { functions: join(project.directory, "defer") });
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(FunctionBuildError);
  expect(thrown).toMatchObject({ problems: [{ file: "defer/broken.ts" }] });
});

it.for([
  ["shards", { shards: 3 }],
  ["throttling.burst", { throttling: { requestsPerSecond: 1, burst: 0 } }],
  ["executionTokens", { executionTokens: "all" as "full" }],
  ["memorySize", { memorySize: 1 }],
  ["reservedConcurrency.api", { reservedConcurrency: { api: 0 } }],
  ["overrides", { overrides: { other: {} } }],
] as const)("a wrong %s is an OptionError that names it", ([option, options]) => {
  const construct = () => templatesFor([aManifest()], options);
  expect(construct).toThrow(OptionError);
  expect(construct).toThrow(expect.objectContaining({ option }));
});

it("wrong retentionDays are an OptionError that names them", () => {
  const construct = () => new Storage(new Stack(new App(), "Mine"), "Storage", { retentionDays: 0 });
  expect(construct).toThrow(expect.objectContaining({ name: "OptionError", option: "retentionDays" }));
});
