import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aNewId, anId } from "../../harness/an-execution.ts";
import { extendedSeed, signToken, tokenSeed, verifyToken } from "../../lambdas/core/execution-token.ts";

const claims = { executionId: anId, attempt: 2, expiresAtMs: 5_000 };
const token = signToken(tokenSeed("key", anId, 999_999), claims);

describe("an execution token", () => {
  it("says which attempt of which execution it is for", () => {
    expect(verifyToken(["key"], token, 4_999)).toEqual({ ...claims, root: anId });
  });

  it("is good with the previous signing key too", () => {
    expect(verifyToken(["new key", "key"], token, 0)).toEqual({ ...claims, root: anId });
  });

  it("is no longer good once it has expired", () => {
    expect(verifyToken(["key"], token, 5_000)).toBeUndefined();
  });

  it("cannot outlive its seed, whatever it says: neither with the bound of its own nor with another", () => {
    const seed = tokenSeed("key", anId, 6_000);
    const forged = signToken(seed, { ...claims, expiresAtMs: 4_102_444_800_000 });
    expect(verifyToken(["key"], forged, 5_999)).toBeDefined();
    expect(verifyToken(["key"], forged, 6_000)).toBeUndefined();
    const moved = signToken(seed.replace("6000.", "9000000000000."), { ...claims, expiresAtMs: 4_102_444_800_000 });
    expect(verifyToken(["key"], moved, 5_999)).toBeUndefined();
  });

  it("speaks for the tree of the root in its seed, and for no other", () => {
    const [root, foreign] = [aNewId(), aNewId()];
    const seed = tokenSeed("key", anId, 6_000, root);
    expect(verifyToken(["key"], signToken(seed, claims), 0)).toEqual({ ...claims, root });
    expect(verifyToken(["key"], signToken(seed.replace(root, foreign), claims), 0)).toBeUndefined();
    expect(extendedSeed(["new", "key"], seed, anId, 9_000)).toBe(tokenSeed("new", anId, 9_000, root));
    const forged = seed.replace(root, foreign);
    expect(extendedSeed(["new", "key"], forged, anId, 9_000)).toBe(tokenSeed("new", anId, 9_000));
  });

  it("is no good with another key", () => {
    expect(verifyToken(["other"], token, 0)).toBeUndefined();
  });

  it("cannot be made for another execution from one's own seed", () => {
    const other = "01939a3c-0000-7000-8000-00000000ffff" as typeof anId;
    const forged = signToken(tokenSeed("key", anId, 999_999), { ...claims, executionId: other });
    expect(verifyToken(["key"], forged, 0)).toBeUndefined();
  });

  it("does not survive the change of any character", () => {
    fc.assert(
      fc.property(fc.nat(token.length - 1), fc.string({ minLength: 1, maxLength: 1 }), (at, character) => {
        fc.pre(token[at] !== character);
        // The id is read without regard to case; the signature is not.
        expect(verifyToken(["key"], token.slice(0, at) + character + token.slice(at + 1), 0)).toBeUndefined();
      }),
    );
  });

  it("is never found in arbitrary text", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(verifyToken(["key"], text, 0)).toBeUndefined();
      }),
    );
  });
});
