import { isExecutionId } from "../../core/ids.ts";
import { type ListPorts, listExecutions as list } from "../../flows/list-executions.ts";
import type { Endpoint } from "../endpoint.ts";
import { parseList } from "../parse-list.ts";
import { presentPage } from "../present.ts";

const noItems = { items: [], hasNext: false, hasPrevious: false, start: undefined, end: undefined };

/**
 * `POST` and `GET /public/v2/executions`: a page of the executions that the filters ask for; to a
 * confined execution token, of its own children.
 */
export function listExecutions(ports: ListPorts): Endpoint {
  return async (request) => {
    const { filters, page } = parseList(request, isExecutionId);
    const { principal } = request;
    if (principal.kind === "api" || !principal.isConfined) return presentPage(await list(ports, filters, page));
    const executedBy = principal.executionId;
    if ((filters.executedBy ?? executedBy) !== executedBy) return presentPage(noItems);
    return presentPage(await list(ports, { ...filters, executedBy }, page));
  };
}
