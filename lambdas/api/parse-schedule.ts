import type * as z from "zod/mini";
import { DomainError } from "../core/errors.ts";
import { isCodeScheduleName } from "../core/schedules/code-schedule.ts";
import type { Ticks } from "../core/schedules/ticks.ts";
import type { ScheduleInput } from "../flows/put-schedule.ts";
import type { ApiRequest } from "./endpoint.ts";
import { argumentsText, parse } from "./parse.ts";
import { PutScheduleBody } from "./schemas/schedules.ts";

/** Returns the name in the path of a schedule that can be changed. @throws DomainError `conflict` for one in code */
export function parseChangeable({ parameters }: ApiRequest): string {
  const { name = "" } = parameters;
  if (!isCodeScheduleName(name)) return name;
  throw new DomainError("conflict", "name: a schedule of defer.cron is changed in the code, by a deployment");
}

/** Returns the schedule that a body asks for. @throws DomainError `bad_request` */
export function parseSchedule(value: unknown): ScheduleInput {
  const body = parse(PutScheduleBody, value);
  return {
    functionName: body.function_name,
    arguments: argumentsText("function_arguments", body.function_arguments),
    metadata: body.metadata ?? {},
    ticks: (createdAtMs) => ticksOf(body, createdAtMs),
    jitterSeconds: body.jitter_seconds,
    overlap: body.overlap,
    catchUp: body.catch_up,
    request: body,
  };
}

// Without an anchor the first tick is one period after the start, or after the schedule was made.
function ticksOf(body: z.output<typeof PutScheduleBody>, createdAtMs: number): Ticks {
  const { cron, timezone = "UTC", every_seconds = 1, starts_at, ends_at } = body;
  const { anchor = starts_at ?? Math.floor(createdAtMs / 1000) * 1000 } = body;
  return {
    rule: cron === undefined ? { everySeconds: every_seconds, anchorMs: anchor } : { cron, timezone },
    ...(starts_at !== undefined && { startsAtMs: starts_at }),
    ...(ends_at !== undefined && { endsAtMs: ends_at }),
  };
}
