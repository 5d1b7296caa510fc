import type { Jobs } from "../../../core/ports.ts";
import { findBulk } from "../../../flows/bulk.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { presentBulk } from "../../present-bulk.ts";
import { requireJob } from "../../reach.ts";

/** `GET /public/v2/bulk/{id}`: a job and how far it is. */
export function getBulk(ports: { jobs: Jobs }): Endpoint {
  return async ({ parameters: { id = "" }, principal }) => {
    const job = await findBulk(ports, id);
    requireJob(principal, job);
    return json(200, { data: presentBulk(job) });
  };
}
