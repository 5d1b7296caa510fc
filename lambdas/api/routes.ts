import type { Scope } from "../core/api-token.ts";

/**
 * Every route of the API, as plain data: the stack makes the gateway's routes from it, `api.ts` the endpoints,
 * `openapi.ts` the contract. `scope` is the one that a token needs; `open` routes need no token. `@defer/client` 1.x
 * calls those under `/public/v1`, and before 1.9 those under `/api/v1`.
 */
export const routes = [
  { name: "getHealth", scope: "open", method: "GET", path: "/health" },
  { name: "getOpenapi", scope: "open", method: "GET", path: "/openapi.json" },
  { name: "putExecution", scope: "enqueue", method: "PUT", path: "/public/v2/executions" },
  { name: "postBatch", scope: "enqueue", method: "POST", path: "/public/v2/executions/batch" },
  { name: "postList", scope: "read", method: "POST", path: "/public/v2/executions" },
  { name: "getList", scope: "read", method: "GET", path: "/public/v2/executions" },
  { name: "getExecution", scope: "read", method: "GET", path: "/public/v2/executions/{id}" },
  { name: "getResults", scope: "read", method: "GET", path: "/public/v2/executions/{id}/results" },
  { name: "getArguments", scope: "read", method: "GET", path: "/public/v2/executions/{id}/arguments" },
  { name: "getLogs", scope: "read", method: "GET", path: "/public/v2/executions/{id}/logs" },
  { name: "getTimeline", scope: "read", method: "GET", path: "/public/v2/executions/{id}/timeline" },
  { name: "postAttempts", scope: "read", method: "POST", path: "/public/v2/executions/{id}/attempts" },
  { name: "getAttempts", scope: "read", method: "GET", path: "/public/v2/executions/{id}/attempts" },
  { name: "patchSchedule", scope: "control", method: "PATCH", path: "/public/v2/executions/{id}/schedule" },
  { name: "postRerun", scope: "control", method: "POST", path: "/public/v2/executions/{id}/reruns" },
  { name: "postCancellation", scope: "control", method: "POST", path: "/public/v2/executions/{id}/cancellation" },
  { name: "postPause", scope: "control", method: "POST", path: "/public/v2/functions/{name}/pause" },
  { name: "postResume", scope: "control", method: "POST", path: "/public/v2/functions/{name}/resume" },
  { name: "listFunctions", scope: "read", method: "GET", path: "/public/v2/functions" },
  { name: "getFunction", scope: "read", method: "GET", path: "/public/v2/functions/{name}" },
  { name: "getSchedules", scope: "read", method: "GET", path: "/public/v2/schedules" },
  { name: "putSchedule", scope: "control", method: "PUT", path: "/public/v2/schedules/{name}" },
  { name: "getSchedule", scope: "read", method: "GET", path: "/public/v2/schedules/{name}" },
  { name: "deleteSchedule", scope: "control", method: "DELETE", path: "/public/v2/schedules/{name}" },
  { name: "pauseSchedule", scope: "control", method: "POST", path: "/public/v2/schedules/{name}/pause" },
  { name: "resumeSchedule", scope: "control", method: "POST", path: "/public/v2/schedules/{name}/resume" },
  { name: "runSchedule", scope: "control", method: "POST", path: "/public/v2/schedules/{name}/runs" },
  { name: "getNextTicks", scope: "read", method: "GET", path: "/public/v2/schedules/{name}/next" },
  { name: "getConsoleSession", scope: "read", method: "GET", path: "/console/session" },
  { name: "postConsoleCode", scope: "read", method: "POST", path: "/console/codes" },
  { name: "postConsoleSession", scope: "open", method: "POST", path: "/console/session" },
  { name: "postBulk", scope: "control", method: "POST", path: "/public/v2/bulk" },
  { name: "listBulk", scope: "read", method: "GET", path: "/public/v2/bulk" },
  { name: "getBulk", scope: "read", method: "GET", path: "/public/v2/bulk/{id}" },
  { name: "stopBulk", scope: "control", method: "POST", path: "/public/v2/bulk/{id}/cancellation" },
  { name: "listFailures", scope: "read", method: "GET", path: "/public/v2/failures" },
  { name: "postResolution", scope: "control", method: "POST", path: "/public/v2/failures/{fingerprint}/resolution" },
  { name: "enqueueV1", scope: "enqueue", method: "POST", path: "/public/v1/enqueue" },
  { name: "getExecutionV1", scope: "read", method: "GET", path: "/public/v1/executions/{id}" },
  { name: "getTriesV1", scope: "read", method: "GET", path: "/public/v1/executions/{id}/tries" },
  { name: "cancelV1", scope: "control", method: "POST", path: "/public/v1/executions/{id}/cancel" },
  { name: "rescheduleV1", scope: "control", method: "POST", path: "/public/v1/executions/{id}/reschedule" },
  { name: "patchScheduleV1", scope: "control", method: "PATCH", path: "/public/v1/executions/{id}/schedule" },
  { name: "enqueueOldV1", scope: "enqueue", method: "POST", path: "/api/v1/enqueue" },
  { name: "getExecutionOldV1", scope: "read", method: "GET", path: "/api/v1/executions/{id}" },
  { name: "getAlarms", scope: "read", method: "GET", path: "/public/v2/alarms" },
  { name: "listTokens", scope: "admin", method: "GET", path: "/public/v2/tokens" },
  { name: "createToken", scope: "admin", method: "POST", path: "/public/v2/tokens" },
  { name: "deleteToken", scope: "admin", method: "DELETE", path: "/public/v2/tokens/{name}" },
] as const satisfies readonly { name: string; scope: Scope | "open"; method: string; path: string }[];

/** Path of the gateway's route for signed requests: below it are all the others. */
export const SIGNED_PATH = "/iam/{proxy+}";

export type Route = (typeof routes)[number];
export type RouteName = Route["name"];

/** The gateway's own key for a route. */
export function routeKey(route: Route): `${Route["method"]} ${Route["path"]}` {
  return `${route.method} ${route.path}`;
}

/**
 * Whether the gateway has this route: those of executions, which are called most. The others go by its default route,
 * since a stack has at most 500 resources and each route is one.
 */
export function isOnGateway({ path }: Route): boolean {
  return path.startsWith("/public/v2/executions") && !path.endsWith("/timeline");
}

/** A route whose template fits a path, and the parameters in the path. */
interface RouteAtPath {
  route: Route;
  parameters: Record<string, string>;
}

/** Returns the routes at a path. A literal template wins: `/executions/batch` is no execution called `batch`. */
export function routesAt(path: string): RouteAtPath[] {
  if (isLiteral(path)) return routes.filter((route) => route.path === path).map((route) => ({ route, parameters: {} }));
  return routes.flatMap((route) => {
    const parameters = parametersIn(route.path, path);
    return parameters === undefined ? [] : [{ route, parameters }];
  });
}

/** Whether a route has this path as it is, without parameters. */
export function isLiteral(path: string): boolean {
  return routes.some((route) => route.path === path);
}

/** Returns the parameters in `path` if it fits a route's template; `undefined` if it does not. */
function parametersIn(template: string, path: string): Record<string, string> | undefined {
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
