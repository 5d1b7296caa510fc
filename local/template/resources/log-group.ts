import * as z from "zod";
import { arn } from "../../account.ts";
import { nameFor, type ResourceContext, type ResourceHandler, withoutEffect } from "./resource-handler.ts";

const Properties = z.strictObject({
  LogGroupName: z.string().optional(),
  RetentionInDays: withoutEffect,
  LogGroupClass: withoutEffect,
  KmsKeyId: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::Logs::LogGroup`: a name. Logs go to `onLog` and are not kept. */
export function logGroup(): ResourceHandler<z.infer<typeof Properties>> {
  const make = async ({ LogGroupName }: z.infer<typeof Properties>, place: ResourceContext) => {
    const name = LogGroupName ?? nameFor(place, 512);
    return { ref: name, attributes: { Arn: `${arn("logs", `log-group:${name}`)}:*` } };
  };
  return { properties: Properties, create: make, update: (given, _, place) => make(given, place), async remove() {} };
}
