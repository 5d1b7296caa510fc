import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isTokenName, parseToken, tokenText } from "../../lambdas/core/api-token.ts";

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });
const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/).filter(isTokenName);

describe("a named token", () => {
  it("tells its name, and the hash of its secret", () => {
    fc.assert(
      fc.property(name, secret, (called, bytes) => {
        const text = tokenText(called, bytes);
        const hash = createHash("sha256")
          .update(text.split(".")[2] ?? "")
          .digest("base64url");
        expect(parseToken(text)).toEqual({ name: called, hash });
        expect(text).toMatch(/^[\x21-\x7e]+$/);
      }),
    );
  });

  it("is nothing else", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.string().map((text) => `ep1.${text}`),
        ),
        (text) => {
          expect(parseToken(text)).toBeUndefined();
        },
      ),
    );
    const text = tokenText("ci", new Uint8Array(32));
    for (const other of [`${text}x`, text.slice(0, -1), text.replace("ci", "admin"), text.replace("ci", "")]) {
      expect(parseToken(other), other).toBeUndefined();
    }
  });
});
