import { CopyObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { Payloads } from "../core/ports.ts";

/** A link is followed at once; it need not live longer than a slow download takes to begin. */
const LINK_SECONDS = 300;

/** Payloads: small ones stay with whoever asked, large ones become objects in `bucket`. */
export function s3Payloads(client: S3Client, bucket: string): Payloads {
  return {
    async store(key, text, inlineBytes, contentType) {
      const bytes = Buffer.byteLength(text);
      if (bytes <= inlineBytes) return { inline: text };
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType }));
      return { key, bytes };
    },

    async read(payload) {
      if ("inline" in payload) return payload.inline;
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: payload.key }));
      if (Body === undefined) throw new Error(`the object ${payload.key} has no body`);
      return Body.transformToString("utf-8");
    },

    async copy(payload, key) {
      if ("inline" in payload) return payload;
      await client.send(
        new CopyObjectCommand({ Bucket: bucket, Key: key, CopySource: encodeURI(`${bucket}/${payload.key}`) }),
      );
      return { key, bytes: payload.bytes };
    },

    async link(key) {
      return getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: LINK_SECONDS });
    },
  };
}
