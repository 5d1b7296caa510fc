import { DomainError } from "../core/errors.ts";
import { rootOf } from "../core/execution.ts";
import { parseReference } from "../core/ids.ts";
import type { Executions } from "../core/ports.ts";
import type { Request } from "./endpoint.ts";
import type { RouteName } from "./routes.ts";

/**
 * Rights of a confined execution token. `any`: the route concerns nobody else, or narrows its answer itself. `tree`:
 * the execution in the path must have the caller's root. `none`: it concerns everybody.
 */
const permissions: Record<RouteName, "any" | "tree" | "none"> = {
  getHealth: "any",
  getOpenapi: "any",
  putExecution: "any",
  postBatch: "any",
  postList: "any",
  getList: "any",
  getExecution: "tree",
  getResults: "tree",
  getArguments: "tree",
  getLogs: "tree",
  getTimeline: "tree",
  postAttempts: "tree",
  getAttempts: "tree",
  patchSchedule: "tree",
  postRerun: "tree",
  postCancellation: "tree",
  postPause: "none",
  postResume: "none",
  listFunctions: "none",
  getFunction: "none",
  getSchedules: "none",
  putSchedule: "none",
  getSchedule: "none",
  deleteSchedule: "none",
  pauseSchedule: "none",
  resumeSchedule: "none",
  runSchedule: "none",
  getNextTicks: "none",
  postConsoleCode: "none",
  postConsoleSession: "any",
  enqueueV1: "any",
  enqueueOldV1: "any",
  getExecutionOldV1: "tree",
  getExecutionV1: "tree",
  getTriesV1: "tree",
  cancelV1: "tree",
  rescheduleV1: "tree",
  patchScheduleV1: "tree",
};

/**
 * Lets a request pass if its caller may do what it asks for. An API token may do everything, an execution token what
 * concerns its own tree: reading that costs one read unit, and nothing for the execution itself.
 * @throws DomainError `forbidden`
 */
export async function authorize(
  route: RouteName,
  { principal, parameters }: Pick<Request, "principal" | "parameters">,
  { executions }: { executions: Executions },
): Promise<void> {
  if (principal.kind === "api" || !principal.isConfined || permissions[route] === "any") return;
  if (permissions[route] === "none") throw forbidden();
  const reference = parseReference(parameters["id"] ?? "");
  // The endpoint answers 404 to an id that nothing has.
  if (reference === undefined || reference.executionId === principal.executionId) return;
  const execution = await executions.get(reference.executionId);
  if (execution === undefined || rootOf(execution) === principal.root) return;
  throw forbidden();
}

function forbidden(): DomainError {
  return new DomainError(
    "forbidden",
    "an execution token reaches only executions of its own tree; use an API token, or deploy with the option " +
      'executionTokens: "full"',
  );
}
