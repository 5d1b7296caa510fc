import { BucketAlreadyOwnedByYou, CreateBucketCommand, DeleteBucketCommand } from "@aws-sdk/client-s3";
import * as z from "zod";
import { REGION } from "../../account.ts";
import { nameFor, type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

const Properties = z.strictObject({
  BucketName: z.string().optional(),
  // Nothing is encrypted, public, or old enough to expire here.
  BucketEncryption: withoutEffect,
  PublicAccessBlockConfiguration: withoutEffect,
  OwnershipControls: withoutEffect,
  LifecycleConfiguration: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::S3::Bucket`. */
export function s3Bucket({ s3 }: Services): ResourceHandler<z.infer<typeof Properties>> {
  return {
    properties: Properties,
    async create({ BucketName }, place) {
      const name = BucketName ?? nameFor(place, 63).toLowerCase();
      try {
        await s3.send(new CreateBucketCommand({ Bucket: name }));
      } catch (error) {
        if (!(error instanceof BucketAlreadyOwnedByYou)) throw error;
      }
      return made(name);
    },
    async update(properties, old, place) {
      if (properties.BucketName !== old.BucketName) return undefined;
      return made(properties.BucketName ?? nameFor(place, 63).toLowerCase());
    },
    async remove(_, { ref }) {
      // As in AWS, this fails for a bucket with objects.
      await s3.send(new DeleteBucketCommand({ Bucket: ref }));
    },
  };
}

function made(name: string) {
  return {
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${REGION}.amazonaws.com`,
    },
  };
}
