import { beyond, type Direction, type Position } from "./postings.ts";

/**
 * A place in a list, as callers hand it back: an item that was shown, or where a walk had to stop between two items.
 * Opaque to them; a place stays good whatever happens to the executions around it.
 */
export type Cursor =
  | { at: "item"; key: string }
  /** Everything before `position`, in this direction, has been seen; nothing from there on. */
  | { at: Direction; position: Position };

const marks: Record<string, Cursor["at"]> = { i: "item", n: "newestFirst", o: "oldestFirst" };

/** Characters of keys (ids, numbers, names) and of the positions beside them; see `postings.ts`. */
const POSITION = /^[!-~]{1,140}$/;

export function encodeCursor(cursor: Cursor): string {
  const text = cursor.at === "item" ? `i${cursor.key}` : `${cursor.at[0]}${cursor.position}`;
  // base64url, without what btoa puts in for other alphabets.
  return btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The place in `text`; `undefined` if it is none of ours, or, for an item, if `isKey` says that it cannot be one. */
export function decodeCursor(text: string, isKey: (key: string) => boolean): Cursor | undefined {
  if (!/^[\w-]{2,200}$/.test(text)) return undefined;
  let decoded: string;
  try {
    decoded = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  } catch {
    return undefined;
  }
  const at = marks[decoded[0] ?? ""];
  const rest = decoded.slice(1);
  if (at === undefined || encodeCursor(toCursor(at, rest)) !== text) return undefined;
  return (at === "item" ? isKey(rest) : POSITION.test(rest)) ? toCursor(at, rest) : undefined;
}

/** Returns the start of a walk in `direction` that is to give what lies beyond the cursor. */
export function startAt(cursor: Cursor, direction: Direction): Position {
  if (cursor.at === "item") return beyond(cursor.key, direction);
  return cursor.at === direction ? cursor.position : beyond(cursor.position, direction);
}

function toCursor(at: Cursor["at"], text: string): Cursor {
  return at === "item" ? { at, key: text } : { at, position: text };
}
