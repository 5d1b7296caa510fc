import { attemptId } from "../../../core/ids.ts";
import { PAGE_MAX_ITEMS } from "../../../core/limits.ts";
import { type FindPorts, find } from "../../../flows/find.ts";
import { listAttempts } from "../../../flows/list-attempts.ts";
import { type Endpoint, json } from "../../endpoint.ts";
import { parseId } from "../../parse.ts";

/** `GET /public/v1/executions/{id}/tries`: the latest attempts, newest first. */
export function getTriesV1(ports: FindPorts): Endpoint {
  return async (request) => {
    const { executionId } = parseId(request);
    const execution = await find(ports, { executionId });
    const page = await listAttempts(ports, execution, {}, { direction: "newestFirst", limit: PAGE_MAX_ITEMS });
    return json(
      200,
      page.items.map(({ id, attempt, state }) => ({ id: attemptId(id, attempt), state })),
    );
  };
}
