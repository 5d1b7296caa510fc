import { DomainError } from "../../../core/errors.ts";
import type { Clock } from "../../../core/ports.ts";
import { isCodeScheduleName } from "../../../core/schedules/code-schedule.ts";
import { isScheduleName } from "../../../core/schedules/name.ts";
import { type ListSchedulesPorts, listSchedules as list } from "../../../flows/list-schedules.ts";
import type { Endpoint } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { toPageRequest } from "../../parse-list.ts";
import { single, toNumber } from "../../parse-list-query.ts";
import { noItems, presentList } from "../../present.ts";
import { presentSchedule } from "../../present-schedule.ts";
import { narrowFunctions } from "../../reach.ts";
import { SchedulesQuery } from "../../schemas/schedules.ts";

/** `GET /public/v2/schedules`: a page by name, those in code among them. */
export function listSchedules(ports: ListSchedulesPorts & { clock: Clock }): Endpoint {
  return async ({ query, principal }) => {
    const { page, function_ids, paused, prefix } = parse(SchedulesQuery, toBody(query));
    const request = toPageRequest(page, (key) => isScheduleName(key) || isCodeScheduleName(key));
    const functionIds = narrowFunctions(principal, function_ids);
    const filters = { functionIds, isPaused: paused && paused === "true", prefix };
    const found = functionIds?.length === 0 ? noItems : await list(ports, filters, request);
    const nowMs = ports.clock.now();
    return presentList(found, (schedule) => presentSchedule(schedule, nowMs));
  };
}

function toBody(query: URLSearchParams): unknown {
  const page: Record<string, unknown> = {};
  const filters: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    if (name === "first" || name === "last") page[name] = toNumber(values);
    else if (name === "after" || name === "before") page[name] = single(name, values);
    else if (name === "function_ids") filters[name] = values;
    else if (name === "paused" || name === "prefix") filters[name] = single(name, values);
    else throw new DomainError("bad_request", `unknown query parameter ${name.slice(0, 100)}`);
  }
  return { page, ...filters };
}
