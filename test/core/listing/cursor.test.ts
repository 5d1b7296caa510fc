import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { anId } from "../../../harness/an-execution.ts";
import { isExecutionId } from "../../../lambdas/core/ids.ts";
import { type Cursor, decodeCursor, encodeCursor, startAt } from "../../../lambdas/core/listing/cursor.ts";
import { beyond, isBefore } from "../../../lambdas/core/listing/postings.ts";
import { directions, keys } from "./lists.ts";

describe("a cursor", () => {
  const cursors: Cursor[] = [
    { at: "item", key: anId },
    { at: "newestFirst", position: anId },
    { at: "oldestFirst", position: beyond(anId, "oldestFirst") },
    { at: "newestFirst", position: beyond(anId, "newestFirst") },
    { at: "newestFirst", position: beyond(`${anId.slice(0, -1)}a`, "newestFirst") },
    { at: "newestFirst", position: beyond(`${anId.slice(0, -1)}0`, "newestFirst") },
  ];

  it.each(cursors)("is read as it was written: %o", (cursor) => {
    expect(encodeCursor(cursor)).toMatch(/^[\w-]+$/);
    expect(decodeCursor(encodeCursor(cursor), isExecutionId)).toEqual(cursor);
  });

  it.each([
    "",
    "x",
    anId,
    "ihello",
    encodeCursor({ at: "item", key: "nope" }),
    encodeCursor({ at: "item", key: anId.toUpperCase() }),
  ])("is none of ours: %j", (text) => {
    expect(decodeCursor(text, isExecutionId)).toBeUndefined();
  });

  it("takes whatever text without a fault", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const cursor = decodeCursor(text, isExecutionId);
        return cursor === undefined || encodeCursor(cursor) === text;
      }),
    );
  });

  it("of an item begins behind it, whichever way", () => {
    fc.assert(
      fc.property(keys, keys, directions, (key, other, direction) => {
        const start = startAt({ at: "item", key }, direction);
        return !isBefore(other, start, direction) === isBefore(key, other, direction);
      }),
    );
  });

  it("of a stop lies between two items: each is on one side of it, whichever way", () => {
    fc.assert(
      fc.property(keys, keys, directions, (position, other, direction) => {
        const cursor: Cursor = { at: direction, position };
        const isAhead = !isBefore(other, startAt(cursor, direction), direction);
        const opposite = direction === "newestFirst" ? "oldestFirst" : "newestFirst";
        return isAhead !== !isBefore(other, startAt(cursor, opposite), opposite);
      }),
    );
  });
});
