import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./api.ts";
import { queryClient, REFRESH_MS } from "./query-client.ts";
import type { ApiFilters, BulkAction, DryRun, Job } from "./types.ts";

/** A job to start. */
export interface NewJob {
  action: BulkAction;
  filters: ApiFilters;
  per_second?: number;
  /** Whether to abort what runs, too. */
  force?: boolean;
  schedule_for?: string;
}

/** How often jobs are asked for while none runs. */
const IDLE_REFRESH_MS = 10_000;

/** The newest jobs. */
export const jobsQuery = queryOptions({
  queryKey: ["bulk"],
  queryFn: async ({ signal }) =>
    (await answer(api.GET("/public/v2/bulk", { params: { query: { first: 50 } }, signal }))).data,
  refetchInterval: ({ state }) => (state.data?.some(isRunning) ? REFRESH_MS : IDLE_REFRESH_MS),
});

export function isRunning({ state }: Job): boolean {
  return state === "running";
}

/** Counts what a job would meet, and changes nothing. */
export function dryRunQuery({ action, filters }: Pick<NewJob, "action" | "filters">) {
  return queryOptions({
    queryKey: ["dry run", action, filters],
    queryFn: async ({ signal }) => {
      const body = { action, filters, dry_run: true };
      const { data } = await answer(api.POST("/public/v2/bulk", { body, signal }));
      return data as DryRun;
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
}

/** Starts a job. */
export async function startJob(job: NewJob): Promise<Job> {
  const { data } = await answer(api.POST("/public/v2/bulk", { body: job }));
  void queryClient.invalidateQueries();
  return data as Job;
}

/** Stops a job. What it has done stays. */
export async function stopJob(id: string): Promise<void> {
  await answer(api.POST("/public/v2/bulk/{id}/cancellation", { params: { path: { id } } }));
  await queryClient.invalidateQueries();
}
