import * as z from "zod";
import { arn } from "../../account.ts";
import { nameFor, type ResourceContext, type ResourceHandler } from "./resource-handler.ts";
import type { Services } from "./services.ts";

// Resource-based policies of buckets and queues. The gateway enforces them.

const PolicyDocument = z.record(z.string(), z.unknown());

const BucketPolicy = z.strictObject({ Bucket: z.string(), PolicyDocument });

/** `AWS::S3::BucketPolicy`. */
export function s3BucketPolicy({ policies }: Services): ResourceHandler<z.infer<typeof BucketPolicy>> {
  const guarded = ({ Bucket }: z.infer<typeof BucketPolicy>) => [`arn:aws:s3:::${Bucket}`];
  return resourcePolicy(policies, BucketPolicy, guarded);
}

const QueuePolicy = z.strictObject({ Queues: z.array(z.string()), PolicyDocument });

/** `AWS::SQS::QueuePolicy`. */
export function sqsQueuePolicy({ policies }: Services): ResourceHandler<z.infer<typeof QueuePolicy>> {
  return resourcePolicy(policies, QueuePolicy, ({ Queues }) =>
    Queues.map((url) => arn("sqs", url.split("/").at(-1) ?? "")),
  );
}

function resourcePolicy<P extends { PolicyDocument: Record<string, unknown> }>(
  policies: Services["policies"],
  properties: z.ZodType<P>,
  guarded: (properties: P) => string[],
): ResourceHandler<P> {
  const attach = async (given: P, place: ResourceContext) => {
    const id = nameFor(place);
    for (const attachedTo of guarded(given)) {
      policies.put({ kind: "resource", attachedTo, name: id, document: given.PolicyDocument });
    }
    return { ref: id, attributes: { Id: id } };
  };
  const detach = (given: P, place: ResourceContext) => {
    for (const attachedTo of guarded(given)) policies.remove({ kind: "resource", attachedTo, name: nameFor(place) });
  };
  return {
    properties,
    create: attach,
    async update(given, old, place) {
      detach(old, place);
      return attach(given, place);
    },
    async remove(given, _, place) {
      detach(given, place);
    },
  };
}
