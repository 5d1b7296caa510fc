import { createHash } from "node:crypto";
import type { ErrorResult } from "../attempt-error.ts";
import { functionTag } from "../ids.ts";
import { maskMessage } from "./mask.ts";
import { ownFrame } from "./own-frame.ts";

/** Hexadecimal digits of the hash in a fingerprint, behind the function's tag. */
const HASH_DIGITS = 24;

const FINGERPRINT = /^[0-9a-f]{32}$/;

/**
 * Returns the kind of failure that an error is: the same for the same function, error name, masked message and first
 * frame of the user's own code, whatever line that is on. It begins with the function's tag, so that a policy can tell
 * whose it is.
 */
export function errorFingerprint(functionId: string, { name, message, stack }: ErrorResult): string {
  const frame = ownFrame(stack);
  const where = frame && [frame.file, frame.functionName];
  const kind = JSON.stringify([functionId, name, maskMessage(message), where ?? null]);
  return functionTag(functionId) + createHash("sha256").update(kind).digest("hex").slice(0, HASH_DIGITS);
}

export function isFingerprint(text: string): boolean {
  return FINGERPRINT.test(text);
}

/** Pattern of a function's fingerprints, for `StringLike` in a policy. */
export function fingerprintPattern(functionId: string): string {
  return functionTag(functionId) + "?".repeat(HASH_DIGITS);
}
