import { queryOptions } from "@tanstack/react-query";
import { refresh } from "./actions.ts";
import { answer, api } from "./api.ts";
import { SLOW_REFRESH_MS } from "./query-client.ts";
import type { Execution, FailureGroup } from "./types.ts";

/** Kinds of failures, the last seen first: those in a state, or all. */
export function failuresQuery(state?: FailureGroup["state"]) {
  return queryOptions({
    queryKey: ["failures", state ?? "all"],
    queryFn: async ({ signal }) => {
      const query = { first: 100, ...(state !== undefined && { states: [state] }) };
      return (await answer(api.GET("/public/v2/failures", { params: { query }, signal }))).data;
    },
    refetchInterval: SLOW_REFRESH_MS,
  });
}

/** How often the examples of a kind that goes on failing are read: they cost as much as a page of any list. */
const EXAMPLES_REFRESH_MS = 30_000;

/** The last executions that failed in one way, newest first. They are read again only where it has failed since. */
export function examplesQuery(fingerprint: string, lastSeenAt: string) {
  return queryOptions({
    queryKey: ["failure examples", fingerprint],
    queryFn: async ({ signal }): Promise<{ executions: readonly Execution[]; lastSeenAt: string }> => {
      const body = { page: { first: 30 }, filters: { error_fingerprint: fingerprint } };
      return { executions: (await answer(api.POST("/public/v2/executions", { body, signal }))).data, lastSeenAt };
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state: { data } }) => (data?.lastSeenAt === lastSeenAt ? false : EXAMPLES_REFRESH_MS),
  });
}

/** Decides about a kind of failure. A resolved one opens by itself when it happens again. */
export async function setResolution(fingerprint: string, state: FailureGroup["state"]): Promise<void> {
  const params = { path: { fingerprint } };
  await answer(api.POST("/public/v2/failures/{fingerprint}/resolution", { params, body: { state } }));
  await refresh();
}
