import { CopyObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { defaults, timeouts } from "./clients.ts";
import { failingAsUnavailable } from "./failures.ts";

/** A link is followed at once; it need not live longer than a slow download takes to begin. */
const LINK_SECONDS = 300;

/** Texts that are too large to stay where they are used. */
export interface Objects {
  put(key: string, text: string, contentType: string): Promise<void>;
  get(key: string): Promise<string>;
  copy(from: string, to: string): Promise<void>;
  link(key: string): Promise<string>;
}

/** The objects of `bucket`. */
export function s3Objects(bucket: string, client = s3Client()): Objects {
  return {
    async put(key, text, contentType) {
      await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: text, ContentType: contentType }));
    },

    async get(key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body === undefined) throw new Error(`the object ${key} has no body`);
      return Body.transformToString("utf-8");
    },

    async copy(from, to) {
      await client.send(new CopyObjectCommand({ Bucket: bucket, Key: to, CopySource: encodeURI(`${bucket}/${from}`) }));
    },

    async link(key) {
      return getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: LINK_SECONDS });
    },
  };
}

function s3Client(): S3Client {
  // Payloads may be some MB: they get more time than the small calls.
  return failingAsUnavailable(new S3Client({ ...defaults, requestHandler: timeouts(20_000) }));
}
