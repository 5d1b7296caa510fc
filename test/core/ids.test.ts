import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  functionId,
  functionTag,
  idPattern,
  newExecutionId,
  parseReference,
  shardOf,
  tagOf,
  tickExecutionId,
  timeOf,
} from "../../lambdas/core/ids.ts";
import { wildcard } from "../../local/gateway/policy/wildcards.ts";

const random = fc.uint8Array({ minLength: 16, maxLength: 16 });
const time = fc.integer({ min: 0, max: 2 ** 47 });
const own = functionId("importContacts");

describe("an execution id", () => {
  it("is a UUID v7 that can be parsed back", () => {
    fc.assert(
      fc.property(time, random, (nowMs, bytes) => {
        const id = newExecutionId(nowMs, bytes, own);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(parseReference(id)).toEqual({ executionId: id });
      }),
    );
  });

  it("sorts by creation time", () => {
    fc.assert(
      fc.property(time, time, random, random, (a, b, bytesA, bytesB) => {
        fc.pre(a < b);
        expect(newExecutionId(a, bytesA, own) < newExecutionId(b, bytesB, own)).toBe(true);
      }),
    );
  });

  it("spreads over the shards, whatever the time", () => {
    fc.assert(
      fc.property(time, random, fc.integer({ min: 1, max: 64 }), (nowMs, bytes, shards) => {
        const shard = shardOf(newExecutionId(nowMs, bytes, own), shards);
        expect(Number.isInteger(shard) && shard >= 0 && shard < shards).toBe(true);
      }),
    );
    const seen = new Set(
      Array.from({ length: 64 }, (_, n) => shardOf(newExecutionId(0, new Uint8Array(16).fill(n), own), 4)),
    );
    expect(seen.size).toBe(4);
  });

  it("tells its time and its function, a tick's too", () => {
    fc.assert(
      fc.property(time, random, fc.uuid(), (nowMs, bytes, ofFunction) => {
        for (const id of [newExecutionId(nowMs, bytes, ofFunction), tickExecutionId(ofFunction, nowMs)]) {
          expect(timeOf(id)).toBe(nowMs);
          expect(tagOf(id)).toBe(functionTag(ofFunction));
          expect(wildcard(idPattern(ofFunction))(id)).toBe(true);
          expect(wildcard(idPattern(own))(id)).toBe(tagOf(id) === functionTag(own));
        }
      }),
    );
  });

  it.each(["slots#", "lane#x-", "idempotency#", "token#", "schedule#"])("is not what an item %s… has", (kind) => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(wildcard(idPattern(own))(`${kind}${text}-${functionTag(own)}0000`)).toBe(false);
      }),
    );
  });
});

describe("a reference", () => {
  const id = "01939a3c-0000-7000-8000-00000000abcd";

  it("may name an attempt", () => {
    expect(parseReference(`${id}.3`)).toEqual({ executionId: id, attempt: 3 });
  });

  it.each(["", "x", `${id}.0`, `${id}.`, `${id}.1.2`, `${id}x`, ` ${id}`, `${id}\n`, `${id}.-1`])(
    "is not %j",
    (text) => {
      expect(parseReference(text)).toBeUndefined();
    },
  );
});

describe("a function id", () => {
  it("is the same for ever", () => {
    // Part of the contract: users keep these ids.
    expect(functionId("importContacts")).toBe("f29d313b-b9ba-5166-ae60-3c9f9ca3347f");
  });
});
