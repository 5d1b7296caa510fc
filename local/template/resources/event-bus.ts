import * as z from "zod";
import { arn } from "../../account.ts";
import { type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

const Properties = z.strictObject({
  Name: z.string().regex(/^[\w./-]{1,256}$/),
  Description: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::Events::EventBus`. */
export function eventBus({ eventBuses }: Services): ResourceHandler<z.infer<typeof Properties>> {
  const made = (name: string) => ({ ref: name, attributes: { Name: name, Arn: arn("events", `event-bus/${name}`) } });
  return {
    properties: Properties,
    async create({ Name }) {
      eventBuses.add(Name);
      return made(Name);
    },
    update: async ({ Name }, old) => (Name === old.Name ? made(Name) : undefined),
    async remove(_, { ref }) {
      eventBuses.remove(ref);
    },
  };
}
