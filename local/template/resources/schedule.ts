import * as z from "zod";
import { scheduleArn } from "../../services/scheduler/schedule.ts";
import { Name, Settings } from "../../services/scheduler/settings.ts";
import { DEFAULT_GROUP } from "../../services/scheduler/store.ts";
import { nameFor, type ResourceContext, type ResourceHandler } from "./resource-handler.ts";
import type { Services } from "./services.ts";

/** Dates are text in a template. */
const Seconds = z.iso
  .datetime({ offset: true })
  .transform((date) => Date.parse(date) / 1_000)
  .optional();

const Properties = Settings.extend({
  Name: Name.optional(),
  GroupName: Name.default(DEFAULT_GROUP),
  StartDate: Seconds,
  EndDate: Seconds,
});

type ScheduleProperties = z.infer<typeof Properties>;

/** `AWS::Scheduler::Schedule`. An unchanged one from the data directory goes on. */
export function schedule({ scheduler }: Services): ResourceHandler<ScheduleProperties> {
  const put = async ({ Name: given, GroupName, ...settings }: ScheduleProperties, place: ResourceContext) => {
    const adopted = scheduler.adoptSchedule(GroupName, given ?? nameFor(place), settings);
    return { ref: adopted.name, attributes: { Arn: scheduleArn(adopted) } };
  };
  return {
    properties: Properties,
    create: put,
    async update(properties, old, place) {
      if (properties.Name !== old.Name || properties.GroupName !== old.GroupName) return undefined;
      return put(properties, place);
    },
    async remove({ GroupName }, { ref }) {
      const existing = scheduler.schedules.find(({ group, name }) => group === GroupName && name === ref);
      // It may have fired and been deleted, by ActionAfterCompletion.
      if (existing !== undefined) scheduler.removeSchedule(existing);
    },
  };
}
