import * as z from "zod";
import { arn } from "../../account.ts";
import type { EventPattern } from "../../services/event-rules.ts";
import { nameFor, type ResourceContext, type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

// More (`prefix`, `anything-but`, …) is refused.
const Pattern: z.ZodType<EventPattern> = z.record(
  z.string(),
  z.union([z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])).min(1), z.lazy(() => Pattern)]),
);

const Properties = z.strictObject({
  Name: z.string().optional(),
  EventPattern: Pattern,
  State: z.enum(["ENABLED", "DISABLED"]).default("ENABLED"),
  Targets: z
    .array(z.strictObject({ Id: z.string(), Arn: z.string().regex(/^arn:aws:sqs:/, "only queues are targets here") }))
    .default([]),
  Description: withoutEffect,
  Tags: withoutEffect,
});

/** `AWS::Events::Rule` on the bus of AWS's own events, with queues as targets. */
export function eventRule({ eventRules }: Services): ResourceHandler<z.infer<typeof Properties>> {
  const put = async (properties: z.infer<typeof Properties>, place: ResourceContext) => {
    const name = properties.Name ?? nameFor(place);
    const ruleArn = arn("events", `rule/${name}`);
    eventRules.put({
      arn: ruleArn,
      pattern: properties.EventPattern,
      isEnabled: properties.State === "ENABLED",
      targets: properties.Targets.map(({ Arn }) => Arn),
    });
    return { ref: name, attributes: { Arn: ruleArn } };
  };
  return {
    properties: Properties,
    create: put,
    update: (properties, old, place) =>
      properties.Name === old.Name ? put(properties, place) : Promise.resolve(undefined),
    async remove(_, { attributes }) {
      eventRules.remove(attributes["Arn"] ?? "");
    },
  };
}
