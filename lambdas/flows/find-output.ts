import type { AttemptOutput, Execution } from "../core/execution.ts";
import type { Attempts } from "../core/ports.ts";

/** Returns result and logs of attempt `number`, once it has ended: from the record, or from the attempt's own item. */
export async function findOutput(
  { attempts }: { attempts: Attempts },
  execution: Execution,
  number: number,
): Promise<AttemptOutput | undefined> {
  const output = "output" in execution ? execution.output : undefined;
  return output !== undefined && number === execution.attempt ? output : attempts.get(execution.id, number);
}
