/** Requests at once. A browser opens six connections to a host (HTTP/1.1): one stays free for the list. */
const AT_ONCE = 5;

/** An execution that could not be acted on, and why. */
export interface Failure {
  id: string;
  message: string;
}

export interface Outcome {
  /** Ids of those that were acted on. */
  done: string[];
  failures: Failure[];
  /** How many `signal` left as they were. */
  left: number;
}

/**
 * Acts once on each execution, in order and a few at once. A failure stops no other. After `signal` is aborted nothing
 * more begins; what is under way comes to its end, and counts.
 *
 * @param onProgress called after each with the number of those that are done or failed
 */
export async function actOnEach(
  ids: readonly string[],
  act: (id: string) => Promise<unknown>,
  { signal, onProgress }: { signal: AbortSignal; onProgress: (worked: number) => void },
): Promise<Outcome> {
  const failures: Failure[] = [];
  const done: string[] = [];
  let begun = 0;
  const work = async () => {
    while (!signal.aborted) {
      const id = ids[begun++];
      if (id === undefined) return;
      try {
        await act(id);
        done.push(id);
      } catch (error) {
        failures.push({ id, message: error instanceof Error ? error.message : String(error) });
      }
      onProgress(done.length + failures.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { done, failures, left: ids.length - done.length - failures.length };
}
