import { answer, api } from "./api.ts";
import { queryClient } from "./query-client.ts";
import type { Execution } from "./types.ts";

/** Cancels what waits; with `force`, aborts what runs. */
export async function cancel(id: string, force: boolean): Promise<void> {
  await answer(api.POST("/public/v2/executions/{id}/cancellation", { params: { path: { id } }, body: { force } }));
}

/** Input of a re-run, as JSON texts: parsed and written again, large numbers would change. */
export interface Input {
  arguments: string;
  metadata: string;
}

/** Runs an execution again, as a new one: with its own input, or with another. */
export async function rerun(id: string, input?: Input): Promise<Execution> {
  const text = input === undefined ? "{}" : `{"arguments":${input.arguments},"metadata":${input.metadata}}`;
  const { data } = await answer(
    api.POST("/public/v2/executions/{id}/reruns", { params: { path: { id } }, body: {}, bodySerializer: () => text }),
  );
  return data;
}

/** Enqueues a function, with arguments as a JSON text. */
export async function enqueue(functionName: string, { arguments: args, metadata }: Input): Promise<Execution> {
  const text = `{"function_name":${JSON.stringify(functionName)},"function_arguments":${args},"metadata":${metadata}}`;
  const { data } = await answer(
    api.PUT("/public/v2/executions", { body: { function_name: functionName }, bodySerializer: () => text }),
  );
  return data;
}

/** Moves what waits to another time. */
export async function reschedule(id: string, at: Date): Promise<void> {
  const body = { schedule_for: at.toISOString() };
  await answer(api.PATCH("/public/v2/executions/{id}/schedule", { params: { path: { id } }, body }));
}

/** Asks anew for all that is on the screen. */
export async function refresh(): Promise<void> {
  await queryClient.invalidateQueries();
}
