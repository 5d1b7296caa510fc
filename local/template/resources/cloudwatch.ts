import * as z from "zod";
import { alarmArn } from "../../account.ts";
import { nameFor, type ResourceContext, type ResourceHandler } from "./resource-handler.ts";
import type { Services } from "./services.ts";

// There are no metrics here, so their other properties have no effect. Logs go to `onLog`.
const AlarmProperties = z.looseObject({ AlarmName: z.string().optional(), AlarmDescription: z.string().default("") });
const DashboardProperties = z.looseObject({ DashboardName: z.string().optional() });

/** `AWS::CloudWatch::Alarm`: a name and a description. It never fires. */
export function alarm({ metricAlarms }: Services): ResourceHandler<z.infer<typeof AlarmProperties>> {
  const make = async ({ AlarmName, AlarmDescription }: z.infer<typeof AlarmProperties>, place: ResourceContext) => {
    const name = AlarmName ?? nameFor(place, 255);
    metricAlarms.put(name, AlarmDescription);
    return { ref: name, attributes: { Arn: alarmArn(name) } };
  };
  return {
    properties: AlarmProperties,
    create: make,
    update: (given, _, place) => make(given, place),
    async remove(_, { ref }) {
      metricAlarms.remove(ref);
    },
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
