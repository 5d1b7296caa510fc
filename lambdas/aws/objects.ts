import { CopyObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { ENDED_TAG } from "../core/payload-keys.ts";
import { defaults, timeouts } from "./client-settings.ts";

/** A link is followed at once; it need not live longer than a slow download takes to begin. */
const LINK_SECONDS = 300;

/** Texts that are too large to stay where they are used. */
export interface Objects {
  put(key: string, text: string, contentType: string): Promise<void>;
  get(key: string): Promise<string>;
  copy(from: string, to: string): Promise<void>;
  /** Marks the object as one of something that has ended, and makes it new: S3 counts its days from here. */
  expire(key: string, contentType: string): Promise<void>;
  /** Makes the object new: S3 counts its days from here. */
  renew(key: string, contentType: string): Promise<void>;
  link(key: string): Promise<string>;
}

/** The objects of `bucket`. */
export function s3Objects(bucket: string, client: S3Client): Objects {
  const copied = (key: string) => ({ Bucket: bucket, CopySource: encodeURI(`${bucket}/${key}`) });
  // S3 takes no copy of an object onto itself that changes nothing but its tags.
  const ontoItself = (key: string, contentType: string) =>
    ({ ...copied(key), Key: key, MetadataDirective: "REPLACE", ContentType: contentType }) as const;
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
      // The copy is of something that has not ended: it gets none of the tags.
      await client.send(new CopyObjectCommand({ ...copied(from), Key: to, TaggingDirective: "REPLACE" }));
    },

    async expire(key, contentType) {
      await client.send(
        new CopyObjectCommand({
          ...ontoItself(key, contentType),
          TaggingDirective: "REPLACE",
          Tagging: `${ENDED_TAG.key}=${ENDED_TAG.value}`,
        }),
      );
    },

    async renew(key, contentType) {
      // It has no tags. `s3:PutObjectTagging` is for requests that set some: not for "REPLACE" by none.
      await client.send(new CopyObjectCommand({ ...ontoItself(key, contentType), TaggingDirective: "REPLACE" }));
    },

    async link(key) {
      // The link itself would answer with S3's own error.
      await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
      return getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn: LINK_SECONDS });
    },
  };
}

export function s3Client(): S3Client {
  // Payloads may be some MB: they get more time than the small calls.
  return new S3Client({ ...defaults, requestHandler: timeouts(20_000) });
}
