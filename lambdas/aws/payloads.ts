import { DomainError } from "../core/errors.ts";
import type { Payloads } from "../core/ports.ts";
import { failingAsUnavailable } from "./failures.ts";
import type { Objects } from "./objects.ts";

/**
 * Payloads: small ones stay with whoever asked, large ones become objects in `bucket`. S3's client is a fifth of a
 * Lambda's code and most executions never need it, so it is loaded with the first large one.
 */
export function s3Payloads(bucket: string): Payloads {
  let objects: Promise<Objects> | undefined;
  return payloadsIn(() => {
    objects ??= import("./objects.ts").then(({ s3Objects, s3Client }) =>
      s3Objects(bucket, failingAsUnavailable(s3Client())),
    );
    return objects;
  });
}

/** The same, in any `objects`. */
export function payloadsIn(objects: () => Promise<Objects>): Payloads {
  return {
    async store(key, text, inlineBytes, contentType) {
      const bytes = Buffer.byteLength(text);
      if (bytes <= inlineBytes) return { inline: text };
      await (await objects()).put(key, text, contentType);
      return { bytes };
    },

    async read(payload, key) {
      return "inline" in payload ? payload.inline : found(key, async () => (await objects()).get(key));
    },

    async copy(payload, from, to) {
      if ("inline" in payload) return payload;
      await found(from, async () => (await objects()).copy(from, to));
      return payload;
    },

    async expire(payload, key, contentType) {
      if ("bytes" in payload) await found(key, async () => (await objects()).expire(key, contentType));
    },

    async renew(payload, key, contentType) {
      if ("bytes" in payload) await found(key, async () => (await objects()).renew(key, contentType));
    },

    async link(key) {
      return found(key, async () => (await objects()).link(key));
    },
  };
}

// S3 says that an object is not there only to those who may list the bucket, and 403 to all others. Source: S3
// GetObject, Permissions.
async function found<Output>(key: string, call: (key: string) => Promise<Output>): Promise<Output> {
  try {
    return await call(key);
  } catch (error) {
    const { name } = error as Error;
    if (name !== "NoSuchKey" && name !== "NotFound") throw error;
    throw new DomainError("not_found", `"${key}" is no longer kept: its retention is over`, { cause: error });
  }
}
