import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";

const PLACE = /(file:\/\/\/[^\s():]+\.mjs):(\d+):(\d+)/g;

const maps = new Map<string, SourceMap | undefined>();

/**
 * Returns a line of the log with the places of our bundles, in the stack of an error, replaced by those in our sources.
 * Node's own option for that reads all maps at the start of a process, which few processes need: see
 * docs/decisions/0076.
 */
export function withSourcePlaces(line: string): string {
  return line.replaceAll(PLACE, (place, url: string, row: string, column: string) => {
    const origin = mapOf(url)?.findOrigin(Number(row), Number(column));
    return origin !== undefined && "fileName" in origin
      ? `${origin.fileName}:${origin.lineNumber}:${origin.columnNumber}`
      : place;
  });
}

function mapOf(url: string): SourceMap | undefined {
  if (!maps.has(url)) maps.set(url, readMap(`${fileURLToPath(url)}.map`));
  return maps.get(url);
}

// An error is told of even if its map is missing or broken.
function readMap(path: string): SourceMap | undefined {
  try {
    return new SourceMap(JSON.parse(readFileSync(path, "utf-8")) as SourceMapPayload);
  } catch {
    return undefined;
  }
}
