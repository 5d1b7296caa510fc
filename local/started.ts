/** Parts that have been started, for a stop in reverse order. */
export class Started {
  readonly #stops: (() => unknown)[] = [];
  #stopped: Promise<void> | undefined;

  /** Remembers how to stop a part; returns the part. */
  add<T>(thing: T, stop: (thing: T) => unknown): T {
    this.#stops.push(() => stop(thing));
    return thing;
  }

  /** Stops everything, also where a part fails to stop. Safe to call twice. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stopAll();
    return this.#stopped;
  }

  async #stopAll(): Promise<void> {
    const problems: unknown[] = [];
    for (const stop of this.#stops.reverse()) {
      try {
        await stop();
      } catch (problem) {
        // The other parts must stop all the same.
        problems.push(problem);
      }
    }
    if (problems.length > 0) throw new AggregateError(problems, "the local cloud did not stop cleanly");
  }
}
