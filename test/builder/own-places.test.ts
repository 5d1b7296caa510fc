import { SourceMap, type SourceMapPayload } from "node:module";
import { encode } from "@jridgewell/sourcemap-codec";
import { describe, expect, it } from "vitest";
import { ownHandlers } from "../../builder/own-handlers.ts";
import { ownPlaces } from "../../builder/own-places.ts";

const parse = (map: string) => JSON.parse(map) as SourceMapPayload;

describe("a source map of our own places", () => {
  it("keeps those of our sources, and has none for a package between them", async () => {
    const mappings = encode([
      [
        [0, 0, 0, 0],
        [5, 1, 0, 0, 0],
        [7, 1, 3, 0],
        [9, 0, 4, 2],
      ],
    ]);
    const sources = ["lambdas/api/api.ts", "node_modules/@aws-sdk/core/index.js"];
    const map = new SourceMap(parse(await ownPlaces(JSON.stringify({ version: 3, sources, names: ["a"], mappings }))));
    const placeAt = (column: number) => map.findOrigin(1, column + 1);
    expect(placeAt(3)).toMatchObject({ fileName: "lambdas/api/api.ts", lineNumber: 1 });
    expect([placeAt(6), placeAt(8)]).toEqual([{}, {}]);
    expect(placeAt(9)).toMatchObject({ fileName: "lambdas/api/api.ts", lineNumber: 5, columnNumber: 3 });
  });

  it("names sources of ours alone, in all that is deployed", async () => {
    const maps = Object.values(await ownHandlers()).flatMap((files) =>
      Object.entries(files).flatMap(([name, text]) => (name.endsWith(".map") ? [parse(text)] : [])),
    );
    const named = new Set(maps.flatMap(({ sources }) => sources).filter((source) => source !== ""));
    expect(named).toContain("lambdas/run/handler.ts");
    expect([...named].filter((source) => !source.startsWith("lambdas/"))).toEqual([]);
  });
});
