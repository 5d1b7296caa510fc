import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cliPage } from "../../scripts/cli-page.ts";

it("docs/cli.md describes the verbs as they are (npm run cli-page writes it)", () => {
  expect(readFileSync("docs/cli.md", "utf-8")).toBe(cliPage());
});
