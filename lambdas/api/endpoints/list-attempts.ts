import { isAttemptKey } from "../../core/ids.ts";
import { type FindPorts, find } from "../../flows/find.ts";
import { listAttempts as list } from "../../flows/list-attempts.ts";
import type { Endpoint } from "../endpoint.ts";
import { parseId } from "../parse.ts";
import { parseList } from "../parse-list.ts";
import { presentAttempts } from "../present.ts";

/** `POST` and `GET /public/v2/executions/{id}/attempts`: a page of the attempts that the filters ask for. */
export function listAttempts(ports: FindPorts): Endpoint {
  return async (request) => {
    const { executionId } = parseId(request);
    const { filters, page } = parseList(request, isAttemptKey);
    const execution = await find(ports, { executionId });
    return presentAttempts(await list(ports, execution, filters, page));
  };
}
