import { createHash } from "node:crypto";

/** The same text for the same values, in whatever order the fields of the objects are. */
export function fingerprintOf(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value, withSortedKeys)).digest("base64url");
}

function withSortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
