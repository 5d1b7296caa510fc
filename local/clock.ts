interface Timer {
  dueMs: number;
  run: () => Promise<void>;
}

/**
 * The longest that one real timer waits. Node's own limit is 2^31 ms; and after a sleep of the whole machine, in which
 * its timers stand still, overdue timers must run soon.
 */
const MAX_WAIT_MS = 60_000;

/**
 * A clock with timers that tests can move forward; otherwise the real clock. No timer runs before `start` or after
 * `stop`.
 */
export class MovableClock {
  /** Sorted by time; timers of the same time in the order in which they were set. */
  readonly #timers: Timer[] = [];
  readonly #running = new Set<Promise<void>>();
  #state: "new" | "started" | "stopped" = "new";
  #aheadMs = 0;
  #leap: Promise<void> | undefined;
  #wake: NodeJS.Timeout | undefined;

  /** Epoch milliseconds. */
  now(): number {
    return Date.now() + this.#aheadMs;
  }

  /** How far the clock has been moved forward. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** Runs overdue timers as soon as possible. */
  start(): void {
    if (this.#state === "new") this.#state = "started";
    this.#waitForNext();
  }

  /**
   * Runs a function at a time, never earlier; at once if the time has passed. Ignores its failures.
   * @returns a function that cancels it, unless it has begun
   */
  at(dueMs: number, run: () => Promise<void>): () => void {
    const timer = { dueMs, run };
    this.#timers.splice(this.#placeAfter(dueMs), 0, timer);
    this.#waitForNext();
    return () => this.#remove(timer);
  }

  /**
   * Moves the clock forward. Timers that fall due meanwhile run in order, one at a time, and see the time they were set
   * for (or later). Resolves when these and the functions already running have ended.
   * @throws RangeError for a time that is not forward; Error while the clock is being moved already
   */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && Number.isSafeInteger(ms))) throw new RangeError(`the clock cannot be moved by ${ms} ms`);
    if (this.#leap !== undefined) throw new Error("the clock is being moved already");
    this.#leap = this.#moveTo(this.#aheadMs + ms);
    try {
      await this.#leap;
    } finally {
      this.#leap = undefined;
      this.#waitForNext();
    }
  }

  /** Cancels all timers, and resolves when the running ones have ended. */
  async stop(): Promise<void> {
    this.#state = "stopped";
    clearTimeout(this.#wake);
    this.#timers.length = 0;
    await this.#leap;
    await this.#settled();
  }

  async #moveTo(endAheadMs: number): Promise<void> {
    clearTimeout(this.#wake);
    for (;;) {
      // Includes functions that ran before: they may set timers within the leap.
      await this.#settled();
      const next = this.#state === "started" ? this.#timers[0] : undefined;
      if (next === undefined || next.dueMs > Date.now() + endAheadMs) break;
      this.#aheadMs = Math.max(this.#aheadMs, next.dueMs - Date.now());
      this.#runFirst();
    }
    this.#aheadMs = endAheadMs;
  }

  async #settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  #runFirst(): void {
    const run = this.#timers.shift()?.run();
    if (run === undefined) return;
    const ended = run.catch(() => {}).finally(() => this.#running.delete(ended));
    this.#running.add(ended);
  }

  #waitForNext(): void {
    if (this.#leap !== undefined || this.#state !== "started") return;
    clearTimeout(this.#wake);
    const [next] = this.#timers;
    if (next === undefined) return;
    const waitMs = Math.min(Math.max(next.dueMs - this.now(), 0), MAX_WAIT_MS);
    this.#wake = setTimeout(() => this.#runDue(), waitMs);
  }

  #runDue(): void {
    for (let next = this.#timers[0]; next !== undefined && next.dueMs <= this.now(); next = this.#timers[0]) {
      this.#runFirst();
    }
    this.#waitForNext();
  }

  #remove(timer: Timer): void {
    for (let index = this.#placeAfter(timer.dueMs) - 1; index >= 0; index -= 1) {
      if (this.#timers[index]?.dueMs !== timer.dueMs) return;
      if (this.#timers[index] !== timer) continue;
      this.#timers.splice(index, 1);
      return;
    }
  }

  /** Returns the index behind all timers up to a time. */
  #placeAfter(dueMs: number): number {
    let low = 0;
    for (let high = this.#timers.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((this.#timers[middle]?.dueMs ?? 0) <= dueMs) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
