import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { apiPage } from "../../scripts/api-page.ts";

it("docs/api.md has the declarations that the package exports (npm run api-page writes it)", () => {
  expect(readFileSync("docs/api.md", "utf-8")).toBe(apiPage());
});
