import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "./api.ts";

/** Kinds of requests that a token may be good for. */
type Scope = "read" | "enqueue" | "control" | "admin";

/** Name and scopes of whoever is signed in. */
export const callerQuery = queryOptions({
  queryKey: ["caller"],
  queryFn: async () => (await answer(api.GET("/console/session"))).data,
  staleTime: 60_000,
});

/** Whether the token is good for this: what it is not good for is not offered. */
export function useCan(scope: Scope): boolean {
  const { data } = useQuery(callerQuery);
  return data !== undefined && (data.scopes.includes(scope) || data.scopes.includes("admin"));
}
