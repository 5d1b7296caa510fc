import { answer, api } from "./api.ts";
import { queryClient } from "./query-client.ts";
import type { Execution } from "./types.ts";

/** Cancels what waits; with `force`, aborts what runs. */
export async function cancel(id: string, force: boolean): Promise<void> {
  await answer(api.POST("/public/v2/executions/{id}/cancellation", { params: { path: { id } }, body: { force } }));
  await refresh();
}

/** Runs an execution again, as a new one, with the same input. */
export async function rerun(id: string): Promise<Execution> {
  const { data } = await answer(api.POST("/public/v2/executions/{id}/reruns", { params: { path: { id } }, body: {} }));
  await refresh();
  return data;
}

/** Asks anew for all that is on the screen. */
async function refresh(): Promise<void> {
  await queryClient.invalidateQueries();
}
