/**
 * Every route of the API, as plain data: the stack makes the gateway's routes from it, `api.ts` the endpoints,
 * `openapi.ts` the contract. `@defer/client` 1.x calls those under `/public/v1`, and before 1.9 those under `/api/v1`.
 */
export const routes = [
  { name: "getHealth", method: "GET", path: "/health" },
  { name: "getOpenapi", method: "GET", path: "/openapi.json" },
  { name: "putExecution", method: "PUT", path: "/public/v2/executions" },
  { name: "postBatch", method: "POST", path: "/public/v2/executions/batch" },
  { name: "postList", method: "POST", path: "/public/v2/executions" },
  { name: "getList", method: "GET", path: "/public/v2/executions" },
  { name: "getExecution", method: "GET", path: "/public/v2/executions/{id}" },
  { name: "getResults", method: "GET", path: "/public/v2/executions/{id}/results" },
  { name: "getArguments", method: "GET", path: "/public/v2/executions/{id}/arguments" },
  { name: "getLogs", method: "GET", path: "/public/v2/executions/{id}/logs" },
  { name: "getTimeline", method: "GET", path: "/public/v2/executions/{id}/timeline" },
  { name: "postAttempts", method: "POST", path: "/public/v2/executions/{id}/attempts" },
  { name: "getAttempts", method: "GET", path: "/public/v2/executions/{id}/attempts" },
  { name: "patchSchedule", method: "PATCH", path: "/public/v2/executions/{id}/schedule" },
  { name: "postRerun", method: "POST", path: "/public/v2/executions/{id}/reruns" },
  { name: "postCancellation", method: "POST", path: "/public/v2/executions/{id}/cancellation" },
  { name: "postPause", method: "POST", path: "/public/v2/functions/{name}/pause" },
  { name: "postResume", method: "POST", path: "/public/v2/functions/{name}/resume" },
  { name: "listFunctions", method: "GET", path: "/public/v2/functions" },
  { name: "getFunction", method: "GET", path: "/public/v2/functions/{name}" },
  { name: "getSchedules", method: "GET", path: "/public/v2/schedules" },
  { name: "putSchedule", method: "PUT", path: "/public/v2/schedules/{name}" },
  { name: "getSchedule", method: "GET", path: "/public/v2/schedules/{name}" },
  { name: "deleteSchedule", method: "DELETE", path: "/public/v2/schedules/{name}" },
  { name: "pauseSchedule", method: "POST", path: "/public/v2/schedules/{name}/pause" },
  { name: "resumeSchedule", method: "POST", path: "/public/v2/schedules/{name}/resume" },
  { name: "runSchedule", method: "POST", path: "/public/v2/schedules/{name}/runs" },
  { name: "getNextTicks", method: "GET", path: "/public/v2/schedules/{name}/next" },
  { name: "postConsoleCode", method: "POST", path: "/console/codes" },
  { name: "postConsoleSession", method: "POST", path: "/console/session" },
  { name: "enqueueV1", method: "POST", path: "/public/v1/enqueue" },
  { name: "getExecutionV1", method: "GET", path: "/public/v1/executions/{id}" },
  { name: "getTriesV1", method: "GET", path: "/public/v1/executions/{id}/tries" },
  { name: "cancelV1", method: "POST", path: "/public/v1/executions/{id}/cancel" },
  { name: "rescheduleV1", method: "POST", path: "/public/v1/executions/{id}/reschedule" },
  { name: "patchScheduleV1", method: "PATCH", path: "/public/v1/executions/{id}/schedule" },
  { name: "enqueueOldV1", method: "POST", path: "/api/v1/enqueue" },
  { name: "getExecutionOldV1", method: "GET", path: "/api/v1/executions/{id}" },
] as const;

export type Route = (typeof routes)[number];
export type RouteName = Route["name"];

/** Routes that need no token: whether the service is up, how it is called, and how a browser gets its token. */
export const openRoutes: readonly RouteName[] = ["getHealth", "getOpenapi", "postConsoleSession"];

/** The gateway's own key for a route. */
export function routeKey(route: Route): `${Route["method"]} ${Route["path"]}` {
  return `${route.method} ${route.path}`;
}

/**
 * Whether the gateway has this route. A stack has at most 500 resources, so what came last goes by the default route.
 */
export function isOnGateway({ path }: Route): boolean {
  return !/^\/public\/v2\/schedules|^\/console\/|\/timeline$/.test(path);
}

/** Returns the parameters in `path` if it fits a route's template; `undefined` if it does not. */
export function parametersIn(template: string, path: string): Record<string, string> | undefined {
  const expected = template.split("/");
  const actual = path.split("/");
  if (expected.length !== actual.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const text = actual[index] ?? "";
    if (part.startsWith("{") && text !== "") parameters[part.slice(1, -1)] = decoded(text);
    else if (part !== text) return undefined;
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
