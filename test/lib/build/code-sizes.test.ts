import { describe, expect, it } from "vitest";
import { bundleHandlers } from "../../../lib/build/bundle-handlers.ts";
import { bytesAtStart, describeSizes } from "../../../lib/build/code-sizes.ts";

const handlers = await bundleHandlers();

/** In KB: a twentieth above what they were when this was written. What is added here is paid with every cold start. */
const most = { api: 440, fire: 346, sweep: 396, run: 427 };

describe("the code that a Lambda starts with", () => {
  it.each(Object.entries(most))("%s: no more than %i KB", (name, kilobytes) => {
    expect(bytesAtStart(handlers[name as keyof typeof most]) / 1024).toBeLessThanOrEqual(kilobytes);
  });

  it("is without S3's client, which is loaded with the first large payload", () => {
    for (const { "index.mjs": index = "" } of [handlers.api, handlers.run, handlers.sweep]) {
      expect(index).toMatch(/import\("\.\/objects-\w+\.mjs"\)/);
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
