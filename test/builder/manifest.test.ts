import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseMetadata } from "../../builder/manifest.ts";
import { functionId } from "../../lambdas/core/ids.ts";

const retry = { maxAttempts: 0, initialInterval: 30, randomizationFactor: 0.5, multiplier: 1.5, maxInterval: 600 };

const parse = (changes: object) =>
  parseMetadata({ name: "importContacts", version: 6, retry, ...changes }, "defer/a.ts");

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
