import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { packagesPage } from "../../bench/packages/page.ts";

// The table of packages takes minutes to make, and is not compared.
it("docs/packages.md explains what bench/packages/page.ts does (npm run packages writes it)", () => {
  const [explanation = ""] = packagesPage([]).split("## Tried");
  expect(readFileSync("docs/packages.md", "utf-8").split("## Tried")[0]).toBe(explanation);
});
