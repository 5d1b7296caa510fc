import type { Created, Execution, State } from "./execution.ts";
import type { Transition } from "./transitions/event.ts";

/** A change that subscribers see: an execution came to another state, or waits for another time. */
export interface StateChange {
  /** The execution as it is now. */
  execution: Execution;
  /** Absent for a new execution. */
  previousState?: State;
}

/**
 * Returns the change that a write means to subscribers. `undefined`: none, as with a renewed lease or a message that
 * is sent again.
 */
export function stateChange(written: Created | Transition): StateChange | undefined {
  if (!("to" in written)) return { execution: written };
  const { from, to } = written;
  // A rescheduled execution stays `created`, with another revision.
  if (from.state === to.state && from.revision === to.revision) return undefined;
  return { execution: to, previousState: from.state };
}
