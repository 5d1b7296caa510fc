import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aCreated } from "../../harness/an-execution.ts";
import { decodeChange, encodeChange } from "../../lambdas/aws/dynamodb/changes.ts";
import { fromItem, toItem } from "../../lambdas/aws/dynamodb/item.ts";
import type { Change } from "../../lambdas/core/changes.ts";
import { errorCodes } from "../../lambdas/core/execution.ts";
import { FIRST_MOMENT_MS, LAST_MOMENT_MS } from "../../lambdas/core/limits.ts";

const change: fc.Arbitrary<Change> = fc.record(
  {
    atMs: fc.integer({ min: 0, max: LAST_MOMENT_MS }),
    what: fc.constantFrom("started", "retry", "rescheduled", "aborting", "succeed", "failed", "cancelled"),
    forMs: fc.integer({ min: FIRST_MOMENT_MS, max: LAST_MOMENT_MS }),
    errorCode: fc.constantFrom(...errorCodes),
    by: fc.string({ minLength: 1 }),
  },
  { requiredKeys: ["atMs", "what"] },
);

describe("the changes in an item", () => {
  it("are read as they were written", () => {
    fc.assert(
      fc.property(fc.array(change), (changes) => {
        expect(fromItem(toItem(aCreated({ changes }), { shards: 4, retentionDays: 1 }))?.changes).toEqual(changes);
      }),
    );
  });

  it("take a dozen bytes where nobody asked for them", () => {
    expect(encodeChange({ atMs: Date.UTC(2026, 0), what: "started" }).length).toBeLessThan(12);
  });

  it("that a function has forged are passed over", () => {
    fc.assert(
      fc.property(fc.anything(), (forged) => {
        const item = toItem(aCreated(), { shards: 4, retentionDays: 1 });
        const data = { ...(item["data"] as object), changes: forged };
        expect(fromItem({ ...item, data })?.changes ?? []).toBeInstanceOf(Array);
      }),
    );
    expect(decodeChange("x1")).toBeUndefined();
    expect(decodeChange(7)).toBeUndefined();
  });
});
