import { EpoqueError, type Execution } from "../../client/client.ts";
import type { Context } from "../invocation/context.ts";
import { Failure, UsageError } from "../invocation/errors.ts";
import { printableLine } from "../terminal/printable.ts";
import { styleOfState } from "./execution-columns.ts";

/**
 * Does something to each of some executions and shows what has become of it.
 * @throws Failure if it was refused for some; the others have been done
 */
export async function eachExecution(
  { show, terminal }: Context,
  ids: readonly string[],
  act: (id: string) => Promise<Execution | undefined>,
): Promise<void> {
  if (ids.length === 0) throw new UsageError("name at least one execution by its id");
  let refused = 0;
  for (const id of ids) {
    try {
      const execution = await act(id);
      const state = execution?.state ?? "aborting";
      show(execution ?? { id, state }, () => `${execution?.id ?? id}  ${terminal.style(styleOfState(state), state)}`);
    } catch (error) {
      // One that is refused harms no other.
      if (!(error instanceof EpoqueError) || (error.status !== 404 && error.status !== 409)) throw error;
      refused++;
      terminal.warn(`${printableLine(id)}  ${terminal.style("red", printableLine(error.message))}`);
    }
  }
  if (refused > 0) throw new Failure(`${refused} of ${ids.length} refused`);
}
