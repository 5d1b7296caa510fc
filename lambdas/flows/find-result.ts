import { notStarted } from "../core/attempt-error.ts";
import type { Execution, StoredPayload } from "../core/execution.ts";
import type { Attempts } from "../core/ports.ts";

/** What an attempt that has succeeded or failed left behind: the value, or the error. */
export async function findResult({ attempts }: { attempts: Attempts }, execution: Execution): Promise<StoredPayload> {
  const { id, attempt: number, dispatches } = execution;
  if (!("startedAtMs" in execution)) return { inline: JSON.stringify(notStarted(dispatches).error) };
  const attempt = await attempts.get(id, number);
  if (attempt?.result === undefined) throw new Error(`execution ${id} has ended without a result`);
  return attempt.result;
}
