import * as z from "zod";
import { nameFor, type ResourceHandler, withoutEffect } from "./resource-handler.ts";

// An event that is invoked asynchronously is tried once here, at once: there is no queue in which it could grow old.
const Properties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.string(),
  MaximumEventAgeInSeconds: withoutEffect,
  MaximumRetryAttempts: withoutEffect,
});

/** `AWS::Lambda::EventInvokeConfig`: a name. */
export function eventInvokeConfig(): ResourceHandler<z.infer<typeof Properties>> {
  return {
    properties: Properties,
    create: async (_, place) => ({ ref: nameFor(place), attributes: {} }),
    update: async (_, __, place) => ({ ref: nameFor(place), attributes: {} }),
    async remove() {},
  };
}
