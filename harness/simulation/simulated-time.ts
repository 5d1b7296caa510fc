/** Time that passes only from one event to the next. Everything in a simulated system waits on it. */
export interface SimulatedTime {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs `act` at `atMs`; at once if that is past. Events of the same moment run in the order they were asked for. */
  at(atMs: number, act: () => void): void;
  sleep(ms: number): Promise<void>;
  /** Lets time pass until `isOver`, or at most until `endMs`. Returns whether `isOver` was reached. */
  run(isOver: () => boolean, endMs: number): Promise<boolean>;
}

interface Moment {
  atMs: number;
  order: number;
  act: () => void;
}

export function simulatedTime(startMs: number): SimulatedTime {
  let nowMs = startMs;
  let order = 0;
  const heap: Moment[] = [];
  const time: SimulatedTime = {
    now: () => nowMs,
    at: (atMs, act) => push(heap, { atMs: Math.max(atMs, nowMs), order: order++, act }),
    sleep: (ms) => new Promise((resolve) => time.at(nowMs + ms, resolve)),
    async run(isOver, endMs) {
      // The real event loop gets a turn here only, for the timeouts of tests.
      await new Promise((resolve) => setImmediate(resolve));
      while (!isOver()) {
        const next = heap[0];
        if (next === undefined || next.atMs > endMs) {
          nowMs = Math.max(nowMs, endMs);
          return false;
        }
        pop(heap);
        nowMs = next.atMs;
        next.act();
        await settled();
      }
      return true;
    },
  };
  return time;
}

// A tick comes after all microtasks: whatever an event led to has happened, up to its next wait. A macrotask costs
// more.
function settled(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}

function isBefore(a: Moment, b: Moment): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}

function push(heap: Moment[], moment: Moment): void {
  let at = heap.push(moment) - 1;
  for (let parent = (at - 1) >> 1; at > 0 && isBefore(moment, heap[parent] as Moment); parent = (at - 1) >> 1) {
    heap[at] = heap[parent] as Moment;
    at = parent;
  }
  heap[at] = moment;
}

function pop(heap: Moment[]): void {
  const last = heap.pop() as Moment;
  if (heap.length === 0) return;
  let at = 0;
  for (let child = 1; child < heap.length; child = 2 * at + 1) {
    if (child + 1 < heap.length && isBefore(heap[child + 1] as Moment, heap[child] as Moment)) child++;
    if (!isBefore(heap[child] as Moment, last)) break;
    heap[at] = heap[child] as Moment;
    at = child;
  }
  heap[at] = last;
}
