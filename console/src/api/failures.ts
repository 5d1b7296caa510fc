import { queryOptions } from "@tanstack/react-query";
import { refresh } from "./actions.ts";
import { answer, api } from "./api.ts";
import { SLOW_REFRESH_MS } from "./query-client.ts";
import type { Execution, FailureGroup } from "./types.ts";

/** Kinds of failures, the last seen first. */
export function failuresQuery(state: FailureGroup["state"]) {
  return queryOptions({
    queryKey: ["failures", state],
    queryFn: async ({ signal }) => {
      const query = { first: 100, states: [state] };
      return (await answer(api.GET("/public/v2/failures", { params: { query }, signal }))).data;
    },
    refetchInterval: SLOW_REFRESH_MS,
  });
}

/** The last executions that failed in one way. They are read once: each page costs as much as any list. */
export function examplesQuery(fingerprint: string) {
  return queryOptions({
    queryKey: ["failure examples", fingerprint],
    queryFn: async ({ signal }): Promise<readonly Execution[]> => {
      const body = { page: { first: 30 }, filters: { error_fingerprint: fingerprint } };
      return (await answer(api.POST("/public/v2/executions", { body, signal }))).data;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** Decides about a kind of failure. A resolved one opens by itself when it happens again. */
export async function setResolution(fingerprint: string, state: FailureGroup["state"]): Promise<void> {
  const params = { path: { fingerprint } };
  await answer(api.POST("/public/v2/failures/{fingerprint}/resolution", { params, body: { state } }));
  await refresh();
}
