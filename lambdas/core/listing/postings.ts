/**
 * Sorted lists of keys, read lazily and in one direction: what a page is made of. A key is an execution's id (ids sort
 * by time of creation) or an attempt's number; keys are compared as text.
 */
export type Direction = "newestFirst" | "oldestFirst";

/** Start of a reading: this key if it exists, else the one that comes next in the direction. */
export type Position = string;

/** Answer of a list to the question for its next key. */
export type Step<Key extends string = string> =
  | { key: Key }
  /** There are no more. */
  | { stopped: "end" }
  /** There may be more from `at` on, but this request has read as much as it may. */
  | { stopped: "budget"; at: Position };

export interface Postings<Key extends string = string> {
  /** The next key; with `from`, the next one that is there or beyond. Each key is given once. */
  next(from?: Position): Promise<Step<Key>>;
}

/** Whether `a` comes before `b` in this direction. */
export function isBefore(a: string, b: string, direction: Direction): boolean {
  return direction === "newestFirst" ? a > b : a < b;
}

/** The one of the two that comes later in this direction. */
export function later(a: string, b: string, direction: Direction): string {
  return isBefore(a, b, direction) ? b : a;
}

/** The position right behind `key`. Relies on `~` sorting behind every character that keys are made of. */
export function beyond(key: string, direction: Direction): Position {
  if (direction === "oldestFirst") return `${key}~`;
  const last = key.charCodeAt(key.length - 1);
  return `${key.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}

export function opposite(direction: Direction): Direction {
  return direction === "newestFirst" ? "oldestFirst" : "newestFirst";
}
