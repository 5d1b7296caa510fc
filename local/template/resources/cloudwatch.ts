import * as z from "zod";
import { arn } from "../identity.ts";
import { type Kind, nameFor, type Place } from "../kind.ts";

// Nothing is measured here, so nothing of what they are made of has an effect. What the log says goes to `onLog`.
const AlarmProperties = z.looseObject({ AlarmName: z.string().optional() });
const DashboardProperties = z.looseObject({ DashboardName: z.string().optional() });

/** `AWS::CloudWatch::Alarm`: a name. It never rings. */
export function alarm(): Kind<z.infer<typeof AlarmProperties>> {
  const make = async ({ AlarmName }: z.infer<typeof AlarmProperties>, place: Place) => {
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
export function dashboard(): Kind<z.infer<typeof DashboardProperties>> {
  const make = async ({ DashboardName }: z.infer<typeof DashboardProperties>, place: Place) => ({
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
