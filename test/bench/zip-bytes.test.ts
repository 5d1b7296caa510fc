import { expect, it } from "vitest";
import { zipBytes } from "../../bench/coldstart/zip-bytes.ts";

it("the size of a zip is that of its headers and of what is in it, packed", () => {
  // Twice 30 + 46 and the name, 22 at the end; five letters need a byte of frame and one for the end beside them.
  expect(zipBytes([["a", "hello"]])).toBe(30 + 46 + 2 + 22 + 7);
  expect(zipBytes([["a", "x".repeat(100_000)]])).toBeLessThan(400);
  expect(zipBytes([])).toBe(22);
});
