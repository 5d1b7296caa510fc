import type { Jobs } from "../../../core/ports.ts";
import { listBulk as list } from "../../../flows/bulk.ts";
import type { Endpoint } from "../../endpoint.ts";
import { parse } from "../../parse.ts";
import { toPageRequest } from "../../parse-list.ts";
import { parsePageQuery } from "../../parse-list-query.ts";
import { presentList } from "../../present.ts";
import { presentBulk } from "../../present-bulk.ts";
import { isUuid, PageQuery } from "../../schemas.ts";

/** `GET /public/v2/bulk`: a page of the jobs, newest first. */
export function listBulk(ports: { jobs: Jobs }): Endpoint {
  return async ({ query }) => {
    const page = toPageRequest(parse(PageQuery, parsePageQuery(query)), isUuid);
    return presentList(await list(ports, page), presentBulk);
  };
}
