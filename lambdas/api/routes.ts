/** Every route of the API, as plain data: the stack makes the gateway's routes from it, `handler.ts` the endpoints. */
export const routes = [
  { name: "getHealth", method: "GET", path: "/health" },
  { name: "putExecution", method: "PUT", path: "/public/v2/executions" },
  { name: "getExecution", method: "GET", path: "/public/v2/executions/{id}" },
  { name: "getResults", method: "GET", path: "/public/v2/executions/{id}/results" },
  { name: "getArguments", method: "GET", path: "/public/v2/executions/{id}/arguments" },
  { name: "getLogs", method: "GET", path: "/public/v2/executions/{id}/logs" },
] as const;

export type Route = (typeof routes)[number];
export type RouteName = Route["name"];

/** The gateway's own key for a route. */
export function routeKey(route: Route): `${Route["method"]} ${Route["path"]}` {
  return `${route.method} ${route.path}`;
}
