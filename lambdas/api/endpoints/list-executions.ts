import { isExecutionId } from "../../core/ids.ts";
import { type ListPorts, listExecutions as list } from "../../flows/list-executions.ts";
import type { Endpoint } from "../endpoint.ts";
import { parseList } from "../parse-list.ts";
import { noItems, presentPage } from "../present.ts";
import { narrow } from "../reach.ts";

/**
 * `POST` and `GET /public/v2/executions`: a page of the executions that the filters ask for, as far as the caller
 * reaches them.
 */
export function listExecutions(ports: ListPorts): Endpoint {
  return async (request) => {
    const { filters, page } = parseList(request, isExecutionId);
    const narrowed = narrow(request.principal, filters);
    return presentPage(narrowed === undefined ? noItems : await list(ports, narrowed, page));
  };
}
