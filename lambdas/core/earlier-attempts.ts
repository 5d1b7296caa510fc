import type { Attempt, Execution } from "./execution.ts";
import type { Attempts } from "./ports.ts";

/** An execution may have hundreds of attempts, and a Lambda little time left. */
const AT_ONCE = 25;

/**
 * Calls `act` for each recorded attempt before the current one, 25 at once. Reads them one by one, since a function's
 * role may read no other way. An error stops none of the others; the first one is thrown in the end.
 */
export async function forEarlierAttempts(
  attempts: Attempts,
  { id, attempt: current }: Pick<Execution, "id" | "attempt">,
  act: (attempt: Attempt) => Promise<void>,
): Promise<void> {
  const actOn = async (number: number) => {
    const attempt = await attempts.get(id, number);
    if (attempt !== undefined) await act(attempt);
  };
  const errors: unknown[] = [];
  for (let first = 1; first < current; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, current - first) }, (_, index) => first + index);
    for (const it of await Promise.allSettled(numbers.map(actOn))) if (it.status === "rejected") errors.push(it.reason);
  }
  if (errors.length > 0) throw errors[0];
}
