import * as z from "zod";
import { arn } from "../../account.ts";
import { nameFor, type ResourceContext, type ResourceHandler } from "./resource-handler.ts";

// There are no metrics here, so their properties have no effect. Logs go to `onLog`.
const AlarmProperties = z.looseObject({ AlarmName: z.string().optional() });
const DashboardProperties = z.looseObject({ DashboardName: z.string().optional() });

/** `AWS::CloudWatch::Alarm`: a name. It never fires. */
export function alarm(): ResourceHandler<z.infer<typeof AlarmProperties>> {
  const make = async ({ AlarmName }: z.infer<typeof AlarmProperties>, place: ResourceContext) => {
    const name = AlarmName ?? nameFor(place, 255);
    return { ref: name, attributes: { Arn: arn("cloudwatch", `alarm:${name}`) } };
  };
  return {
    properties: AlarmProperties,
    create: make,
    update: (given, _, place) => make(given, place),
    async remove() {},
  };
}

/** `AWS::CloudWatch::Dashboard`: a name. */
export function dashboard(): ResourceHandler<z.infer<typeof DashboardProperties>> {
  const make = async ({ DashboardName }: z.infer<typeof DashboardProperties>, place: ResourceContext) => ({
    ref: DashboardName ?? nameFor(place, 255),
    attributes: {},
  });
  return {
    properties: DashboardProperties,
    create: make,
    update: (given, _, place) => make(given, place),
    async remove() {},
  };
}
