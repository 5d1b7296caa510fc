import { queryOptions } from "@tanstack/react-query";
import { refresh } from "./actions.ts";
import { answer, api } from "./api.ts";
import { SLOW_REFRESH_MS } from "./query-client.ts";

/** The deployed functions, by name. */
export const functionsQuery = queryOptions({
  queryKey: ["functions"],
  queryFn: async () => (await answer(api.GET("/public/v2/functions"))).data,
  staleTime: 30_000,
});

/** The same with how busy each is. */
export const loadQuery = queryOptions({
  queryKey: ["functions", "load"],
  queryFn: async () => (await answer(api.GET("/public/v2/functions", { params: { query: { include: "load" } } }))).data,
  refetchInterval: SLOW_REFRESH_MS,
});

/** Lets nothing of a function start. */
export async function pauseFunction(name: string): Promise<void> {
  await answer(api.POST("/public/v2/functions/{name}/pause", { params: { path: { name } } }));
  await refresh();
}

/** Lets a function start again. */
export async function resumeFunction(name: string): Promise<void> {
  await answer(api.POST("/public/v2/functions/{name}/resume", { params: { path: { name } } }));
  await refresh();
}
