import { type Execution, rootOf } from "../../core/execution.ts";
import type { FindPorts } from "../../flows/find.ts";
import type { ListPorts } from "../../flows/list-executions.ts";
import { readTimeline } from "../../flows/read-timeline.ts";
import { type Endpoint, json, type Principal } from "../endpoint.ts";
import { parseId } from "../parse.ts";
import { presentExecution } from "../present.ts";
import { presentChanges } from "../present-timeline.ts";

/** `GET /public/v2/executions/{id}/timeline`: what happened to it, and what has come of it. */
export function getTimeline(ports: FindPorts & ListPorts): Endpoint {
  return async (request) => {
    const { execution, children, reruns } = await readTimeline(ports, parseId(request));
    const present = (executions: readonly Execution[]) =>
      executions.filter((it) => mayReach(request.principal, it)).map((it) => presentExecution(it));
    return json(200, {
      data: { changes: presentChanges(execution), children: present(children), reruns: present(reruns) },
    });
  };
}

// Others may have re-run it: a re-run begins a tree of its own.
function mayReach(principal: Principal, execution: Execution): boolean {
  return principal.kind === "api" || !principal.isConfined || rootOf(execution) === principal.root;
}
