import { describe, expect, it } from "vitest";
import { bytesAtStart, describeSizes } from "../../builder/code-sizes.ts";
import { ownHandlers } from "../../builder/own-handlers.ts";

const handlers = await ownHandlers();

/** In KB: a twentieth above what they were when this was written. What is added here is paid with every cold start. */
const most = { api: 445, fire: 340, sweep: 313, run: 327 };

describe("the code that a Lambda starts with", () => {
  it.each(Object.entries(most))("%s: no more than %i KB", (name, kilobytes) => {
    expect(bytesAtStart(handlers[name as keyof typeof most]) / 1024).toBeLessThanOrEqual(kilobytes);
  });

  it.each([
    ["objects", "S3's client, which is loaded with the first large payload", ["api", "run", "sweep"]],
    ["schedules", "Scheduler's client, which is loaded with the first execution far ahead", ["api", "run", "sweep"]],
    ["put-event", "EventBridge's client, which is loaded where events are on", ["api", "fire", "run", "sweep"]],
  ] as const)("is without %s: %s", (lazy, _, names) => {
    for (const { "index.mjs": index, [`${lazy}.mjs`]: loaded } of names.map((name) => handlers[name])) {
      expect(index?.includes(`import("./${lazy}.mjs")`)).toBe(true);
      // The lazy chunk has copies of what it imports: our error classes in it would not match `instanceof` checks
      // outside.
      expect(loaded?.includes("DomainError")).toBe(false);
      expect(loaded?.includes("DynamoDB")).toBe(false);
    }
  });

  it("looks for credentials in the environment alone", () => {
    const texts = Object.values(handlers).flatMap((files) => Object.values(files));
    expect(texts.some((text) => text.includes("sso-oidc"))).toBe(false);
  });

  it("is counted with what it loads, not with what it may load later", () => {
    const files = { "index.mjs": 'import"./a.mjs";await import("./b.mjs")', "a.mjs": "12345", "b.mjs": "123" };
    expect(bytesAtStart(files)).toBe(files["index.mjs"].length + 5);
    expect(describeSizes({ one: files })).toBe("code at cold start: one 0 KB");
  });
});
