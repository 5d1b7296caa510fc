import type { Clock, Jobs } from "../../../core/ports.ts";
import { findBulk, stopBulk as stop } from "../../../flows/bulk.ts";
import { type Endpoint, json, nameOf } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { presentBulk } from "../../present-bulk.ts";
import { requireJob } from "../../reach.ts";
import { EmptyBody } from "../../schemas/fields.ts";

/** `POST /public/v2/bulk/{id}/cancellation`: stops a job; one that is over stays as it is. */
export function stopBulk(ports: { jobs: Jobs; clock: Clock }): Endpoint {
  return async ({ parameters: { id = "" }, body, principal }) => {
    parse(EmptyBody, body);
    requireJob(principal, await findBulk(ports, id));
    return json(200, { data: presentBulk(await stop(ports, id, nameOf(principal))) });
  };
}
