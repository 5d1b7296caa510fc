import { queryOptions } from "@tanstack/react-query";
import { refresh } from "./actions.ts";
import { ApiError, answer, api } from "./api.ts";
import { SLOW_REFRESH_MS } from "./query-client.ts";
import type { Execution, Schedule } from "./types.ts";

/** Schedules by name, those of the code among them; as many as a screen can show. */
export const schedulesQuery = queryOptions({
  queryKey: ["schedules"],
  queryFn: async ({ signal }) => {
    const schedules: Schedule[] = [];
    let after: string | undefined;
    for (let page = 0; page < MAX_PAGES; page += 1) {
      const query = { first: 100, ...(after !== undefined && { after }) };
      const { data, page_info } = await answer(api.GET("/public/v2/schedules", { params: { query }, signal }));
      schedules.push(...data);
      after = page_info.end_cursor;
      if (!page_info.has_next_page || after === undefined) return { schedules, isAll: true };
    }
    return { schedules, isAll: false };
  },
  refetchInterval: SLOW_REFRESH_MS,
});

const MAX_PAGES = 5;

/** One schedule, with its arguments. */
export function scheduleQuery(name: string) {
  return queryOptions({
    queryKey: ["schedule", name],
    queryFn: async ({ signal }) =>
      (await answer(api.GET("/public/v2/schedules/{name}", { params: { path: { name } }, signal }))).data,
  });
}

/** The next ten ticks; none while it is paused. `version` changes with the schedule. */
export function ticksQuery(name: string, version: string) {
  return queryOptions({
    queryKey: ["ticks", name, version],
    queryFn: async ({ signal }) => {
      const params = { path: { name }, query: { count: 10 } };
      return (await answer(api.GET("/public/v2/schedules/{name}/next", { params, signal }))).data;
    },
    refetchInterval: SLOW_REFRESH_MS,
  });
}

/** Makes or replaces a schedule. The body is a JSON text, so that its arguments stay as they were typed. */
export async function putSchedule(name: string, body: string): Promise<void> {
  await answer(
    api.PUT("/public/v2/schedules/{name}", {
      params: { path: { name } },
      body: { function_name: "" },
      bodySerializer: () => body,
    }),
  );
  await refresh();
}

export async function pauseSchedule(name: string): Promise<void> {
  await answer(api.POST("/public/v2/schedules/{name}/pause", { params: { path: { name } } }));
  await refresh();
}

export async function resumeSchedule(name: string): Promise<void> {
  await answer(api.POST("/public/v2/schedules/{name}/resume", { params: { path: { name } } }));
  await refresh();
}

/** Runs a schedule once now, out of turn. */
export async function runSchedule(name: string): Promise<Execution> {
  const { data } = await answer(api.POST("/public/v2/schedules/{name}/runs", { params: { path: { name } } }));
  await refresh();
  return data;
}

export async function deleteSchedule(name: string): Promise<void> {
  const { response, error } = await api.DELETE("/public/v2/schedules/{name}", { params: { path: { name } } });
  if (!response.ok) throw new ApiError(response.status, error?.message ?? `the API answered ${response.status}`);
  await refresh();
}
