import type { Created, Execution, State } from "./execution.ts";
import type { Transition } from "./transitions.ts";

/** What those outside are told of: an execution came to another state, or waits for another time. */
export interface StateChange {
  /** As it is now. */
  execution: Execution;
  /** Absent for a new execution. */
  previousState?: State;
}

/**
 * What there is to tell of a write. `undefined`: nothing that matters outside, as with a renewed lease or a message that
 * is sent again.
 */
export function stateChange(written: Created | Transition): StateChange | undefined {
  if (!("to" in written)) return { execution: written };
  const { from, to } = written;
  // An execution that is put off stays `created`, with another revision.
  if (from.state === to.state && from.revision === to.revision) return undefined;
  return { execution: to, previousState: from.state };
}
