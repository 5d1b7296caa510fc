interface Timer {
  dueMs: number;
  run: () => Promise<void>;
}

/**
 * The longest that one real timer waits. Node's own limit is 2^31 ms; and after a sleep of the whole machine, in which
 * its timers stand still, what fell due is to be noticed soon.
 */
const MAX_WAIT_MS = 60_000;

/**
 * A clock with timers, whose hands tests can put forward; else it is the real one. Nothing of it runs before `start` or
 * after `stop`.
 */
export class MovableClock {
  /** By time; those of the same time in the order in which they were set. */
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

  /** How far it has been put forward. */
  get aheadMs(): number {
    return this.#aheadMs;
  }

  /** What is due already runs as soon as possible. */
  start(): void {
    if (this.#state === "new") this.#state = "started";
    this.#waitForNext();
  }

  /**
   * Runs something at a time, never before it; at once if that has passed. Its failures are its own business.
   * @returns takes it back, if it has not begun
   */
  at(dueMs: number, run: () => Promise<void>): () => void {
    const timer = { dueMs, run };
    this.#timers.splice(this.#placeAfter(dueMs), 0, timer);
    this.#waitForNext();
    return () => this.#remove(timer);
  }

  /**
   * Puts the clock forward. What falls due meanwhile runs in order, each after the one before has ended, and sees the
   * time that it was set for (or later). Resolves when all of it has ended, and what ran already when it began.
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

  /** Takes back all timers, and resolves when what runs has ended. */
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
      // Also what ran before: it may set timers that are still within the leap.
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

  /** The index behind all timers up to this time. */
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
