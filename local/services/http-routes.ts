/** A route of an HTTP API, and its target. */
export interface Route<Target> {
  /** `PUT /a/{id}` or `$default`. */
  routeKey: string;
  target: Target;
  /** Whether a request must be signed by a principal who may invoke it. */
  isIam?: boolean;
}

export interface Match<Target> {
  route: Route<Target>;
  pathParameters: Record<string, string>;
}

/**
 * Returns the most specific route from the left: a fixed segment before a parameter before a greedy one, a method
 * before `ANY`; `$default` last.
 * @param path decoded
 */
export function findRoute<Target>(
  routes: Iterable<Route<Target>>,
  method: string,
  path: string,
): Match<Target> | undefined {
  let best: (Match<Target> & { rank: string }) | undefined;
  for (const route of routes) {
    const match = matchRoute(route, method, path);
    if (match !== undefined && (best === undefined || match.rank < best.rank)) best = match;
  }
  return best;
}

// The rank is compared as text: a digit per segment, then one for the method.
function matchRoute<Target>(
  route: Route<Target>,
  method: string,
  path: string,
): (Match<Target> & { rank: string }) | undefined {
  if (route.routeKey === "$default") return { route, pathParameters: {}, rank: "9" };
  const [routeMethod, routePath = ""] = route.routeKey.split(" ");
  if (routeMethod !== "ANY" && routeMethod !== method) return undefined;
  const wanted = routePath.split("/").slice(1);
  const given = path.split("/").slice(1);
  const pathParameters: Record<string, string> = {};
  let rank = "";
  for (const [index, segment] of wanted.entries()) {
    const value = given[index];
    if (value === undefined) return undefined;
    const parameter = /^\{([^}+]+)(\+?)\}$/.exec(segment);
    if (parameter === null && segment !== value) return undefined;
    rank += parameter === null ? "1" : parameter[2] === "+" ? "3" : "2";
    if (parameter?.[2] === "+") {
      pathParameters[parameter[1] as string] = given.slice(index).join("/");
      return { route, pathParameters, rank: rank + methodRank(routeMethod) };
    }
    if (parameter !== null) {
      if (value === "") return undefined;
      pathParameters[parameter[1] as string] = value;
    }
  }
  return given.length === wanted.length ? { route, pathParameters, rank: rank + methodRank(routeMethod) } : undefined;
}

function methodRank(method: string | undefined): string {
  return method === "ANY" ? "8" : "7";
}
