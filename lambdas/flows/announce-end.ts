import { type FollowUps, followUpOf } from "../core/follow-ups.ts";
import type { FunctionCatalog } from "../core/functions.ts";
import type { Dispatcher } from "../core/ports.ts";
import type { Transition } from "../core/transitions/event.ts";
import type { DispatchPorts } from "./dispatch.ts";

export interface AnnouncePorts extends Pick<DispatchPorts, "onDispatchError"> {
  functions: FunctionCatalog;
  dispatcher: Dispatcher;
}

/** Returns the follow-ups of a function as it is deployed. */
export function followUpsOf({ functions }: Pick<AnnouncePorts, "functions">, functionName: string): FollowUps {
  return functions.get(functionName)?.followUps ?? {};
}

/**
 * Announces an end that has a follow-up to the fire queue, before it is stored. Never throws: the stored record stays
 * in the index of what is to be looked at until the follow-up is made, so the sweep announces it again.
 */
export async function announceEnd(ports: AnnouncePorts, { to }: Transition): Promise<void> {
  if (followUpOf(followUpsOf(ports, to.functionName), to.state) === undefined) return;
  try {
    await ports.dispatcher.announceEnd({ executionId: to.id, attempt: to.attempt, looks: 0 }, 0);
  } catch (error) {
    ports.onDispatchError("end not announced", { executionId: to.id }, error);
  }
}
