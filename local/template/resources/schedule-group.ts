import * as z from "zod";
import { groupArn } from "../../services/scheduler/schedule.ts";
import { Name } from "../../services/scheduler/settings.ts";
import { nameFor, type ResourceContext, type ResourceHandler, withoutEffect } from "./resource-handler.ts";
import type { Services } from "./services.ts";

const Properties = z.strictObject({ Name: Name.optional(), Tags: withoutEffect });

type GroupProperties = z.infer<typeof Properties>;

/** `AWS::Scheduler::ScheduleGroup`. */
export function scheduleGroup({ scheduler }: Services): ResourceHandler<GroupProperties> {
  const put = async ({ Name: given }: GroupProperties, place: ResourceContext) => {
    const name = given ?? nameFor(place);
    const isKept = scheduler.groups.some((group) => group.name === name);
    const { createdMs, modifiedMs } = isKept ? scheduler.group(name) : scheduler.createGroup(name);
    return {
      ref: name,
      attributes: {
        Arn: groupArn(name),
        State: "ACTIVE",
        CreationDate: new Date(createdMs).toISOString(),
        LastModificationDate: new Date(modifiedMs).toISOString(),
      },
    };
  };
  return {
    properties: Properties,
    create: put,
    update: (properties, old, place) =>
      properties.Name === old.Name ? put(properties, place) : Promise.resolve(undefined),
    async remove(_, { ref }) {
      scheduler.removeGroup(ref);
    },
  };
}
