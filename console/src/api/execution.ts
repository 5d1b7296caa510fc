import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./api.ts";
import { REFRESH_MS } from "./query-client.ts";
import type { Execution } from "./types.ts";

/** Whether nothing more happens to an execution. */
function isFinal({ state }: Pick<Execution, "state">): boolean {
  return state !== "created" && state !== "started" && state !== "aborting";
}

/** An execution, or an attempt of one; asked for anew until it is final. */
export function executionQuery(id: string) {
  return queryOptions({
    queryKey: ["execution", id],
    queryFn: async ({ signal }) => {
      const { data } = await answer(api.GET("/public/v2/executions/{id}", { params: { path: { id } }, signal }));
      return data;
    },
    refetchInterval: ({ state: { data } }) => (data !== undefined && isFinal(data) ? false : REFRESH_MS / 2),
  });
}

/** The attempts of an execution, oldest first. They change with its version. */
export function attemptsQuery(id: string, version: number) {
  return queryOptions({
    queryKey: ["attempts", id, version],
    queryFn: async ({ signal }) => {
      const { data } = await answer(
        api.GET("/public/v2/executions/{id}/attempts", { params: { path: { id }, query: { first: 100 } }, signal }),
      );
      return data.toReversed();
    },
    placeholderData: (previous) => previous,
  });
}

/** Executions that this one has enqueued, newest first. */
export function childrenQuery(id: string) {
  return queryOptions({
    queryKey: ["children", id],
    queryFn: async ({ signal }) => {
      const body = { filters: { executed_by: id }, page: { first: 100 } };
      return (await answer(api.POST("/public/v2/executions", { body, signal }))).data;
    },
    refetchInterval: REFRESH_MS,
  });
}
