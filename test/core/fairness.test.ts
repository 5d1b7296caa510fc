import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { memoryPorts } from "../../harness/memory/memory-ports.ts";
import { groupOf } from "../../lambdas/core/fairness.ts";

const deployed = (name: string) => memoryPorts().functions.get(name) ?? expect.unreachable();

describe("the group of a message", () => {
  it("is one for each value of the function's metadata key, as SQS takes it", () => {
    const perCustomer = deployed("perCustomer");
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        const [a, b] = [one, other].map((customer) => groupOf(perCustomer, { metadata: { customer } }));
        expect(a).toMatch(/^[!-~]{1,128}$/);
        expect(a === b).toBe(one === other);
      }),
    );
    expect(groupOf(perCustomer, { metadata: {} })).toBe(groupOf(perCustomer, { metadata: { customer: "" } }));
  });

  it("is that of the rate where there are no lanes, and none without either", () => {
    const rateLimit = { limit: 1, periodSeconds: 1, burst: 1, per: "customer" };
    expect(groupOf({ ...deployed("importContacts"), rateLimit }, { metadata: { customer: "a" } })).toBe(
      groupOf(deployed("perCustomer"), { metadata: { customer: "a" } }),
    );
    for (const name of ["importContacts", "oneByOne", "twoAtMost", "fourASecond"]) {
      expect(groupOf(deployed(name), { metadata: { customer: "a" } })).toBeUndefined();
    }
    const fifo = { ...deployed("perCustomer"), fifo: true };
    expect(groupOf(fifo, { metadata: { customer: "a" } })).toBeUndefined();
  });
});
