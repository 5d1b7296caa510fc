import { createCipheriv, createDecipheriv, createHmac } from "node:crypto";

/**
 * One-time codes: a link to the console carries one in its fragment, and the page exchanges it for the token of whoever
 * made the link. The code is that token, encrypted: nothing is stored until it is used.
 */
const PREFIX = "cc1";

/** Bytes of the nonce of AES-GCM. */
export const CODE_NONCE_BYTES = 12;

const TAG_BYTES = 16;

/** Contents of a genuine code. */
export interface OpenedCode {
  token: string;
  untilMs: number;
  /** Names the code: what has been used is known by it. */
  id: string;
}

/** Returns a code for `token`, good until `untilMs`. The nonce must be random. */
export function sealCode(signingKey: string, token: string, untilMs: number, nonce: Uint8Array): string {
  const cipher = createCipheriv("aes-256-gcm", keyFrom(signingKey), nonce);
  const sealed = Buffer.concat([cipher.update(JSON.stringify({ token, untilMs })), cipher.final()]);
  return `${PREFIX}.${Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url")}`;
}

/** Returns the contents of `code`, or `undefined` if it has expired or was made with none of the keys. */
export function openCode(signingKeys: readonly string[], code: string, nowMs: number): OpenedCode | undefined {
  const [prefix, text, ...rest] = code.split(".");
  if (prefix !== PREFIX || text === undefined || rest.length > 0) return undefined;
  const bytes = Buffer.from(text, "base64url");
  if (bytes.length <= CODE_NONCE_BYTES + TAG_BYTES) return undefined;
  for (const signingKey of signingKeys) {
    const opened = decrypt(signingKey, bytes);
    if (opened !== undefined) return opened.untilMs > nowMs ? opened : undefined;
  }
  return undefined;
}

function decrypt(signingKey: string, bytes: Buffer): OpenedCode | undefined {
  const nonce = bytes.subarray(0, CODE_NONCE_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", keyFrom(signingKey), nonce);
  decipher.setAuthTag(bytes.subarray(CODE_NONCE_BYTES, CODE_NONCE_BYTES + TAG_BYTES));
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(CODE_NONCE_BYTES + TAG_BYTES)), decipher.final()]);
    const { token, untilMs } = JSON.parse(text.toString("utf-8")) as Omit<OpenedCode, "id">;
    return { token, untilMs, id: nonce.toString("base64url") };
  } catch {
    return undefined;
  }
}

// The same secret signs tokens: each purpose has a key of its own.
function keyFrom(signingKey: string): Buffer {
  return createHmac("sha256", signingKey).update("console-code").digest();
}
