import { DomainError } from "../core/errors.ts";
import { rootOf } from "../core/execution.ts";
import type { FunctionCatalog } from "../core/functions.ts";
import { parseReference } from "../core/ids.ts";
import type { Executions, Schedules } from "../core/ports.ts";
import { findSchedule } from "../flows/find-schedule.ts";
import type { ApiRequest, Principal } from "./endpoint.ts";
import { requireFunction, requireFunctionOf, requireScope } from "./reach.ts";
import type { Route, RouteName } from "./routes.ts";

/**
 * The subject of a route. `any`: nobody else's, or the endpoint narrows its answer to what the caller reaches. `tree`:
 * the execution in the path. `function`, `schedule`: the one in the path. `functions`: the functions
 * of a token, to which the endpoint narrows a list or a bulk job. `none`: it is everybody's.
 *
 * A confined execution token may do `any`, and `tree` within its own. A token for some functions may do all but `none`.
 */
type PermissionSubject = "any" | "tree" | "function" | "schedule" | "functions" | "none";

const permissions: Record<RouteName, PermissionSubject> = {
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
  postPause: "function",
  postResume: "function",
  listFunctions: "functions",
  getFunction: "function",
  getSchedules: "functions",
  putSchedule: "schedule",
  getSchedule: "schedule",
  deleteSchedule: "schedule",
  pauseSchedule: "schedule",
  resumeSchedule: "schedule",
  runSchedule: "schedule",
  getNextTicks: "schedule",
  getConsoleSession: "functions",
  postConsoleCode: "functions",
  postConsoleSession: "any",
  listFailures: "functions",
  // Looks at the group's function itself.
  postResolution: "functions",
  postBulk: "functions",
  listBulk: "functions",
  // They look at the functions of the job themselves.
  getBulk: "functions",
  stopBulk: "functions",
  enqueueV1: "any",
  enqueueOldV1: "any",
  getExecutionOldV1: "tree",
  getExecutionV1: "tree",
  getTriesV1: "tree",
  cancelV1: "tree",
  rescheduleV1: "tree",
  patchScheduleV1: "tree",
  getAlarms: "none",
  listTokens: "none",
  createToken: "none",
  deleteToken: "none",
};

export interface AuthorizationPorts {
  executions: Executions;
  schedules: Schedules;
  functions: FunctionCatalog;
}

type AuthorizationRequest<Caller extends Principal = Principal> = Pick<ApiRequest, "parameters"> & {
  principal: Caller;
};

/**
 * Lets a request pass if its caller may do what it asks for. Nothing is read for a token that is for all functions.
 * @throws DomainError `forbidden`
 */
export async function authorize(
  { name, scope }: Route,
  { principal, parameters }: AuthorizationRequest,
  ports: AuthorizationPorts,
): Promise<void> {
  if (scope === "open") return;
  if (principal.kind === "execution") {
    // It ends with its attempt, and could make itself a token that does not.
    if (scope === "admin")
      throw new DomainError("forbidden", "an execution token is never good for this; use an API token");
    if (principal.isConfined) await authorizeExecution(name, { principal, parameters }, ports);
    return;
  }
  requireScope(principal, scope);
  if (principal.functions !== undefined) await authorizeFunctions(name, { principal, parameters }, ports);
}

/** Checks that an execution is of the caller's tree: for one read unit, and for none if it is the caller itself. */
async function authorizeExecution(
  route: RouteName,
  { principal, parameters }: AuthorizationRequest<Principal & { kind: "execution" }>,
  { executions }: AuthorizationPorts,
): Promise<void> {
  const subject = permissions[route];
  if (subject === "any") return;
  if (subject !== "tree") throw foreign();
  const reference = parseReference(parameters["id"] ?? "");
  // The endpoint answers 404 to an id that nothing has.
  if (reference === undefined || reference.executionId === principal.executionId) return;
  const execution = await executions.get(reference.executionId);
  if (execution === undefined || rootOf(execution) === principal.root) return;
  throw foreign();
}

async function authorizeFunctions(
  route: RouteName,
  { principal, parameters }: AuthorizationRequest<Principal & { kind: "api" }>,
  ports: AuthorizationPorts,
): Promise<void> {
  const { id = "", name = "" } = parameters;
  switch (permissions[route]) {
    case "any":
    case "functions":
      return;
    case "tree": {
      const reference = parseReference(id);
      if (reference !== undefined) requireFunctionOf(principal, reference.executionId);
      return;
    }
    case "function":
      return requireFunction(principal, name);
    case "schedule": {
      // The endpoint answers 404 where there is none, and looks at what a new one is for.
      const functionName = await functionOfSchedule(ports, name);
      if (functionName !== undefined) requireFunction(principal, functionName);
      return;
    }
    case "none":
      throw new DomainError(
        "forbidden",
        `the token "${principal.name}" may not do this: it is for some functions only`,
      );
  }
}

async function functionOfSchedule(ports: AuthorizationPorts, name: string): Promise<string | undefined> {
  try {
    return (await findSchedule(ports, name)).functionName;
  } catch (error) {
    if (error instanceof DomainError && error.kind === "not_found") return undefined;
    throw error;
  }
}

function foreign(): DomainError {
  return new DomainError(
    "forbidden",
    "an execution token reaches only executions of its own tree; use an API token, or deploy with the option " +
      'executionTokens: "full"',
  );
}
