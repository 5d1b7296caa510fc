import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsFailure } from "../../gateway/failures.ts";
import { jsonBody } from "../../gateway/json-body.ts";
import type { GatewayRequest, Service } from "../../gateway/messages.ts";
import { type Group, groupArn, type Schedule, scheduleArn } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import { invalid, Name, Settings, validate } from "./settings.ts";
import { DEFAULT_GROUP } from "./store.ts";

/** Serves the supported actions of EventBridge Scheduler, by its REST JSON protocol. */
export function schedulerService(scheduler: Scheduler): Service {
  return async ({ action }, request) => {
    const handler = actions[action];
    if (handler === undefined) {
      throw new AwsFailure(400, "UnknownOperationException", `The local Scheduler has no action "${action}".`);
    }
    return {
      status: 200,
      headers: { "content-type": "application/json", "x-amzn-requestid": randomUUID() },
      body: JSON.stringify(handler(scheduler, inputOf(request))),
    };
  };
}

const actions: Record<string, (scheduler: Scheduler, input: unknown) => unknown> = {
  CreateSchedule: createSchedule,
  GetSchedule: getSchedule,
  UpdateSchedule: updateSchedule,
  DeleteSchedule: deleteSchedule,
  ListSchedules: listSchedules,
  CreateScheduleGroup: createGroup,
  GetScheduleGroup: getGroup,
  DeleteScheduleGroup: deleteGroup,
};

const ClientToken = z
  .string()
  .regex(/^[a-zA-Z0-9-_]{1,64}$/, "must match [a-zA-Z0-9-_]{1,64}")
  .optional();
const GroupName = Name.default(DEFAULT_GROUP);
const ScheduleInput = Settings.extend({ Name, GroupName, ClientToken });

function createSchedule(scheduler: Scheduler, input: unknown): unknown {
  const { Name: name, GroupName: group, ClientToken: clientToken, ...settings } = validate(ScheduleInput, input);
  const created = scheduler.createSchedule({ group, name, settings, clientToken, isOfTemplate: false });
  return { ScheduleArn: scheduleArn(created) };
}

function updateSchedule(scheduler: Scheduler, input: unknown): unknown {
  const { Name: name, GroupName: group, ClientToken: _, ...settings } = validate(ScheduleInput, input);
  return { ScheduleArn: scheduleArn(scheduler.updateSchedule(scheduler.schedule(group, name), settings)) };
}

function getSchedule(scheduler: Scheduler, input: unknown): unknown {
  const { Name: name, groupName } = validate(z.strictObject({ Name, groupName: GroupName }), input);
  const schedule = scheduler.schedule(groupName, name);
  return { ...summary(schedule), ...schedule.settings };
}

// Deletes with any client token.
function deleteSchedule(scheduler: Scheduler, input: unknown): unknown {
  const Input = z.strictObject({ Name, groupName: GroupName, clientToken: ClientToken });
  const { Name: name, groupName } = validate(Input, input);
  scheduler.removeSchedule(scheduler.schedule(groupName, name));
  return {};
}

const ListInput = z.strictObject({
  ScheduleGroup: Name.optional(),
  NamePrefix: Name.optional(),
  State: z.enum(["ENABLED", "DISABLED"]).optional(),
  NextToken: z.string().min(1).max(2_048).optional(),
  MaxResults: z.coerce.number().int().min(1).max(100).default(100),
});

function listSchedules(scheduler: Scheduler, input: unknown): unknown {
  const { ScheduleGroup, NamePrefix = "", State, NextToken, MaxResults } = validate(ListInput, input);
  if (ScheduleGroup !== undefined) scheduler.group(ScheduleGroup);
  const after = NextToken === undefined ? undefined : readToken(NextToken);
  const found = scheduler.schedules.filter(
    (it) =>
      (ScheduleGroup === undefined || it.group === ScheduleGroup) &&
      it.name.startsWith(NamePrefix) &&
      (State === undefined || it.settings.State === State) &&
      (after === undefined || placeOf(it) > after),
  );
  const page = found.slice(0, MaxResults);
  const last = found.length > page.length ? page.at(-1) : undefined;
  return {
    Schedules: page.map((it) => ({
      ...summary(it),
      State: it.settings.State,
      Target: { Arn: it.settings.Target.Arn },
    })),
    ...(last !== undefined && { NextToken: Buffer.from(placeOf(last)).toString("base64url") }),
  };
}

const placeOf = ({ group, name }: Schedule) => `${group}/${name}`;

function readToken(token: string): string {
  const place = Buffer.from(token, "base64url").toString();
  if (!/^[\w.-]+\/[\w.-]+$/.test(place)) throw invalid("Invalid NextToken.");
  return place;
}

// Tags are accepted without an effect.
const GroupInput = z.strictObject({ Name, Tags: z.unknown().optional(), ClientToken });

function createGroup(scheduler: Scheduler, input: unknown): unknown {
  return { ScheduleGroupArn: groupArn(scheduler.createGroup(validate(GroupInput, input).Name).name) };
}

function getGroup(scheduler: Scheduler, input: unknown): unknown {
  return groupOutput(scheduler.group(validate(z.strictObject({ Name }), input).Name));
}

function deleteGroup(scheduler: Scheduler, input: unknown): unknown {
  scheduler.removeGroup(validate(z.strictObject({ Name, clientToken: ClientToken }), input).Name);
  return {};
}

function groupOutput({ name, createdMs, modifiedMs }: Group): unknown {
  return { Arn: groupArn(name), Name: name, State: "ACTIVE", ...dates({ createdMs, modifiedMs }) };
}

function summary(schedule: Schedule): object {
  return { Arn: scheduleArn(schedule), Name: schedule.name, GroupName: schedule.group, ...dates(schedule) };
}

function dates({ createdMs, modifiedMs }: Pick<Schedule, "createdMs" | "modifiedMs">): object {
  return { CreationDate: createdMs / 1_000, LastModificationDate: modifiedMs / 1_000 };
}

/** Joins path, query and body. */
function inputOf(request: GatewayRequest): unknown {
  const { pathname, searchParams } = new URL(request.url, "http://gateway");
  const [, , name] = pathname.split("/");
  const fromBody = jsonBody(request) as object;
  return { ...fromBody, ...Object.fromEntries(searchParams), ...(name && { Name: decodeURIComponent(name) }) };
}
