import { presentExecution } from "../../../core/present-execution.ts";
import { type RunSchedulePorts, runSchedule } from "../../../flows/run-schedule.ts";
import { type Endpoint, json, nameOf, parentOf } from "../../endpoint.ts";
import { parse, parseNamed } from "../../parse.ts";
import { parseChangeable } from "../../parse-schedule.ts";
import { IdempotencyKey } from "../../schemas/executions.ts";
import { EmptyBody } from "../../schemas/fields.ts";

/** `POST /public/v2/schedules/{name}/runs`: runs it once now, out of turn. */
export function postScheduleRun(ports: RunSchedulePorts): Endpoint {
  return async (request) => {
    const name = parseChangeable(request);
    parse(EmptyBody, request.body);
    const idempotencyKey = parseNamed("Idempotency-Key", IdempotencyKey, request.idempotencyKey);
    const { principal } = request;
    const caller = { parent: parentOf(principal), by: nameOf(principal) };
    const execution = await runSchedule(ports, name, { ...caller, idempotencyKey });
    return { ...json(201, { data: presentExecution(execution) }), enqueued: [execution.id] };
  };
}
