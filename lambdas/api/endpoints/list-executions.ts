import { isExecutionId } from "../../core/ids.ts";
import { type ListPorts, listExecutions as list } from "../../flows/list-executions.ts";
import type { Endpoint } from "../endpoint.ts";
import { parseList } from "../parse-list.ts";
import { presentPage } from "../present.ts";

/** `POST` and `GET /public/v2/executions`: a page of the executions that the filters ask for. */
export function listExecutions(ports: ListPorts): Endpoint {
  return async (request) => {
    const { filters, page } = parseList(request, isExecutionId);
    return presentPage(await list(ports, filters, page));
  };
}
