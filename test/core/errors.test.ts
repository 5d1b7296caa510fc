import { describe, expect, it } from "vitest";
import { unknownFunction } from "../../lambdas/core/errors.ts";

describe("an unknown function", () => {
  const names = (count: number) => Array.from({ length: count }, (_, index) => `job${String(index).padStart(2, "0")}`);

  it("is answered with the names of those that are deployed, ten at most", () => {
    expect(unknownFunction("nope", ["b", "a"]).message).toBe('cannot find function "nope" (deployed: a, b)');
    expect(unknownFunction("nope", []).message).toBe('cannot find function "nope" (none is deployed)');
    expect(unknownFunction("nope", names(12)).message).toBe(
      `cannot find function "nope" (deployed: ${names(10).join(", ")} and 2 more)`,
    );
  });

  it.each(["r", "aZ"])("with a name as short as %s was probably minified", (name) => {
    expect(unknownFunction(name, ["a"]).message).toMatch(/minified .*experimental\.serverMinification: false\)$/);
  });
});
