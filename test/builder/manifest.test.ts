import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isFifo, parseManifest } from "../../builder/manifest.ts";
import type { FunctionConfig } from "../../client/function.ts";
import { functionId } from "../../lambdas/core/ids.ts";

const retry = { maxAttempts: 0, initialInterval: 30, randomizationFactor: 0.5, multiplier: 1.5, maxInterval: 600 };

const metadata = { name: "importContacts", version: 6, retry };

const read = (changes: object, config?: unknown) =>
  parseManifest({ metadata: { ...metadata, ...changes }, config }, "defer/a.ts");

const parse = (changes: object) => {
  const result = read(changes);
  return "problem" in result ? result : result.manifest;
};

describe("the manifest", () => {
  it("has the function's id by its name", () => {
    expect(parse({})).toMatchObject({ id: functionId("importContacts"), file: "defer/a.ts" });
  });

  it("carries the cron expression as it was written", () => {
    expect(parse({ cron: "0 3 * * MON-FRI" })).toHaveProperty("cron", "0 3 * * MON-FRI");
  });

  it.each([
    ["a retry at once", { retry: { ...retry, initialInterval: 0, maxInterval: 0 } }],
    ["retries that come faster and faster", { retry: { ...retry, multiplier: 0.5 } }],
    ["intervals in fractions of a second", { retry: { ...retry, initialInterval: 0.25 } }],
    ["a thousand at once", { concurrency: 1000 }],
    ["the longest maxDuration", { maxDuration: 885 }],
    ["a longer maxDuration", { maxDuration: 3600 }],
    ["no retry", { retry: undefined }],
    ["a number of retries", { retry: 3 }],
    ["null for not set", { concurrency: null, maxDuration: null, maxConcurrencyAction: null }],
    ["the longest name", { name: "n".repeat(48) }],
    ["spaces around a cron expression", { cron: "  0 3 * * MON-FRI " }],
  ])("takes %s", (_, changes) => {
    expect(parse(changes)).not.toHaveProperty("problem");
  });

  it.each([
    [{ retry: { ...retry, maxAttempts: -1 } }, "retry.maxAttempts must be 0 or more, not -1"],
    [{ retry: { ...retry, maxAttempts: 1.5 } }, "retry.maxAttempts must be a whole number, not 1.5"],
    [{ retry: { ...retry, initialInterval: -1 } }, "retry.initialInterval must be 0 or more, not -1"],
    [{ retry: { ...retry, randomizationFactor: 2 } }, "retry.randomizationFactor must be 1 or less, not 2"],
    [{ retry: { ...retry, multiplier: "2" } }, 'retry.multiplier must be a number, not "2"'],
    [{ retry: { ...retry, maxInterval: -1 } }, "retry.maxInterval must be 0 or more, not -1"],
    [
      { retry: { ...retry, maxInterval: 31_536_001 } },
      "retry.maxInterval must be 31536000 seconds or less (a year), not 31536001",
    ],
    [{ maxDuration: 0 }, "maxDuration must be more than 0 seconds, not 0"],
    [{ maxDuration: "1m" }, 'maxDuration must be a number of seconds, not "1m"'],
    [{ maxConcurrencyAction: "drop" }, 'maxConcurrencyAction must be "keep" or "cancel", not "drop"'],
    [{ cron: "" }, 'the cron expression must have five fields (minute hour day-of-month month day-of-week), not ""'],
    [{ cron: "61 * * * *" }, "the cron expression has a wrong minute: 61 is not within 0-59"],
    [
      { cron: "0 0 30 2 *" },
      "the cron expression has a wrong day-of-month: 30 is not within 1-29 in month 2, so it never runs",
    ],
    [{ cron: 5 }, "the cron expression must be text, not 5"],
    [{ name: "" }, "the function has no name; write: async function yourName() { … }"],
  ])("refuses %j, and says what may be", (changes, problem) => {
    expect(parse(changes)).toEqual({ problem });
  });

  it("names everything that is wrong", () => {
    expect(parse({ concurrency: 0, maxDuration: 0 })).toEqual({
      problem: "concurrency must be 1 or more, not 0; maxDuration must be more than 0 seconds, not 0",
    });
  });

  it("has a name that the cloud can carry, or none", () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[\w-]{1,60}$/), fc.string({ unit: "grapheme" })),
        (name) => {
          const carried = /^[A-Za-z_]/.test(name) && name.length <= 48 && [...name].every((c) => /[\w-]/.test(c));
          expect("problem" in parse({ name })).toBe(!carried);
        },
      ),
    );
  });
});

describe("a function's config", () => {
  it.each([
    { concurrency: { per: "customer", limit: 2 } },
    { rateLimit: { limit: 100, periodSeconds: 60, burst: 10, per: "mail_provider" } },
    { onFailure: "notifySupport", onSuccess: "updateLedger" },
    { startTimeoutSeconds: 3600, memory: 2048, fresh: true },
    { external: ["sharp"], include: ["templates/**"], compute: "fargate" },
    {},
  ] satisfies FunctionConfig[])("goes into the manifest: %j", (config) => {
    expect(read({}, config)).toMatchObject({ manifest: { config } });
  });

  it.each([
    [{ memmory: 1 }, 'config has no key "memmory"; correct or remove it'],
    [{ rateLimit: { limit: 1, period: 60 } }, "config.rateLimit.periodSeconds must be a number, and is missing"],
    [{ rateLimit: { limit: 1, period: 60 } }, 'config.rateLimit has no key "period"; correct or remove it'],
    [{ concurrency: 5 }, "config.concurrency must be an object, not 5"],
    [{ concurrency: { per: "a", limit: 101 } }, "config.concurrency.limit must be 100 or less, not 101"],
    [{ concurrency: { per: "", limit: 1 } }, "config.concurrency.per must not be empty"],
    [{ memory: 64 }, "config.memory must be 256 or more, not 64"],
    [{ memory: "1 GB" }, 'config.memory must be a number, not "1 GB"'],
    [{ memory: 256.5 }, "config.memory must be a whole number, not 256.5"],
    [{ fresh: "yes" }, 'config.fresh must be true or false, not "yes"'],
    [{ fresh: null }, "config.fresh must be true or false, not null"],
    [{ external: "sharp" }, 'config.external must be an array, not "sharp"'],
    [{ external: [1] }, "config.external.0 must be text, not 1"],
    [{ compute: "ec2" }, 'config.compute must be "lambda" or "fargate", not "ec2"'],
    [[], "config must be an object, not []"],
    ["fast", 'config must be an object, not "fast"'],
    [null, "config must be an object, not null"],
  ])("is refused as %j, and the key is named", (config, problem) => {
    expect(read({}, config)).toEqual({ problem: expect.stringContaining(problem) });
  });
});

describe("what is wrong", () => {
  it("is never told in the words of a library", () => {
    const anything = fc.oneof(fc.anything(), fc.double(), fc.integer(), fc.string());
    const some = (...keys: string[]) =>
      fc.record(Object.fromEntries(keys.map((key) => [key, anything])), { requiredKeys: [] });
    const metadataKeys = ["name", "retry", "concurrency", "maxConcurrencyAction", "maxDuration", "cron"];
    const configKeys = [
      "concurrency",
      "rateLimit",
      "onFailure",
      "startTimeoutSeconds",
      "memory",
      "fresh",
      "external",
      "compute",
    ];
    fc.assert(
      fc.property(
        fc.oneof(some(...metadataKeys), anything),
        fc.oneof(some(...configKeys), anything),
        (source, config) => {
          const result = parseManifest(
            {
              metadata: JSON.parse(JSON.stringify(source) ?? "null"),
              config: JSON.parse(JSON.stringify(config) ?? "null"),
            },
            "a.ts",
          );
          if ("problem" in result)
            expect(result.problem).not.toMatch(/invalid|expected|received|too (small|big)|undefined/i);
        },
      ),
    );
  });

  it("is no maxDuration of more than a day: that warns", () => {
    expect(read({ maxDuration: 86_401 })).toMatchObject({
      manifest: { maxDurationSeconds: 86_400 },
      warnings: [expect.stringContaining("maxDuration is 86401 seconds, and 86400 (a day) is the longest")],
    });
  });
});

describe("where a function runs", () => {
  it.each<[string, object, FunctionConfig | undefined, object]>([
    ["by default", {}, undefined, { compute: "lambda", maxDurationSeconds: 885 }],
    ["with the longest maxDuration of Lambda", { maxDuration: 885 }, undefined, { compute: "lambda" }],
    ["with a longer one", { maxDuration: 885.5 }, undefined, { compute: "fargate", maxDurationSeconds: 885.5 }],
    ["with a day", { maxDuration: 86_400 }, undefined, { compute: "fargate", maxDurationSeconds: 86_400 }],
    ["as it asks", {}, { compute: "fargate", memory: 65_536 }, { compute: "fargate", maxDurationSeconds: 885 }],
    ["as it asks, on Lambda", { maxDuration: 60 }, { compute: "lambda" }, { compute: "lambda" }],
  ])("%s", (_, metadata, config, expected) => {
    expect(read(metadata, config)).toMatchObject({ manifest: expected, warnings: [] });
  });

  it.each<[object, FunctionConfig, string]>([
    [
      { maxDuration: 3_600 },
      { compute: "lambda" },
      "maxDuration is 3600 seconds, and Lambda allows 885: leave config.compute out",
    ],
    [{}, { memory: 10_241 }, 'config.memory is 10241, and Lambda has 10240 at most; config.compute "fargate" has more'],
    [
      { concurrency: 2, maxDuration: 3_600 },
      { concurrency: { per: "customer", limit: 2 } },
      "on Fargate concurrency and config.concurrency both say how many tasks run at once: leave one of them out",
    ],
  ])("refuses %j with %j", (metadata, config, problem) => {
    expect(read(metadata, config)).toEqual({ problem });
  });

  it("on Fargate has no queue in order: its lane keeps the order", () => {
    const manifest = parse({ concurrency: 1, maxDuration: 3_600 });
    expect("problem" in manifest || isFifo(manifest)).toBe(false);
    const onLambda = parse({ concurrency: 1 });
    expect("problem" in onLambda || isFifo(onLambda)).toBe(true);
  });
});
