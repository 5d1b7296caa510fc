import { deflateRawSync } from "node:zlib";

// Source: PKWARE APPNOTE 4.3.7, 4.3.12, 4.3.16.
const LOCAL_HEADER = 30;
const CENTRAL_HEADER = 46;
const END = 22;

/** How large the zip of these files (name, content) is. */
export function zipBytes(files: readonly (readonly [string, string])[]): number {
  return files.reduce((sum, [name, content]) => {
    const headers = LOCAL_HEADER + CENTRAL_HEADER + 2 * Buffer.byteLength(name);
    return sum + headers + deflateRawSync(content).length;
  }, END);
}
