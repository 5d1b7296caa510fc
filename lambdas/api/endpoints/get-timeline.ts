import type { Execution } from "../../core/execution.ts";
import { presentExecution } from "../../core/present-execution.ts";
import type { FindPorts } from "../../flows/find.ts";
import type { ListPorts } from "../../flows/list-executions.ts";
import { readTimeline } from "../../flows/read-timeline.ts";
import { type Endpoint, json } from "../endpoint.ts";
import { parseId } from "../parse.ts";
import { presentChanges } from "../present-timeline.ts";
import { mayReach } from "../reach.ts";

/** `GET /public/v2/executions/{id}/timeline`: what happened to it, and what has come of it. */
export function getTimeline(ports: FindPorts & ListPorts): Endpoint {
  return async (request) => {
    const { execution, children, reruns } = await readTimeline(ports, parseId(request));
    // Others may have re-run it: a re-run begins a tree of its own.
    const present = (executions: readonly Execution[]) =>
      executions.filter((it) => mayReach(request.principal, it)).map((it) => presentExecution(it));
    return json(200, {
      data: { changes: presentChanges(execution), children: present(children), reruns: present(reruns) },
    });
  };
}
