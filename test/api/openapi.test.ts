import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openapi } from "../../lambdas/api/openapi.ts";
import { routes } from "../../lambdas/api/routes.ts";

const written = JSON.parse(readFileSync(new URL("../../openapi.json", import.meta.url), "utf-8")) as {
  paths: Record<string, Record<string, unknown>>;
};

describe("openapi.json", () => {
  it("is what the schemas say (else: npm run openapi)", () => {
    expect(JSON.parse(JSON.stringify(openapi()))).toEqual(written);
  });

  it("has every route", () => {
    const described = Object.entries(written.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(described.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
  });

  it("refers to nothing that is not there", () => {
    const references = JSON.stringify(written).matchAll(/"\$ref":"#\/([^"]+)"/g);
    for (const [, path = ""] of references) {
      const found = path.split("/").reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], written);
      expect(found, path).toBeTypeOf("object");
      expect(found, path).not.toHaveProperty("$ref");
    }
  });
});
