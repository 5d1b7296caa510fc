import type { Jobs } from "../../../core/ports.ts";
import { listBulk as list } from "../../../flows/bulk.ts";
import type { Endpoint } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { toPageRequest } from "../../parse-list.ts";
import { parsePageQuery } from "../../parse-list-query.ts";
import { presentList } from "../../present.ts";
import { presentBulk } from "../../present-bulk.ts";
import { mayUseAll } from "../../reach.ts";
import { isUuid } from "../../schemas/fields.ts";
import { Page } from "../../schemas/lists.ts";

/** `GET /public/v2/bulk`: a page of the jobs, newest first. */
export function listBulk(ports: { jobs: Jobs }): Endpoint {
  return async ({ query, principal }) => {
    const page = toPageRequest(parse(Page, parsePageQuery(query)), isUuid);
    return presentList(await list(ports, page, (job) => mayUseAll(principal, job.filters.functionIds)), presentBulk);
  };
}
