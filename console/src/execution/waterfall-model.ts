/** The times of an attempt. */
export interface AttemptTimes {
  scheduled_at: string;
  started_at?: string | undefined;
  finished_at?: string | undefined;
}

/** A part of a bar, in percent of the whole width. */
interface Span {
  left: number;
  width: number;
}

interface Bar {
  waiting: Span | undefined;
  running: Span | undefined;
  waitedMs: number;
  ranMs: number | undefined;
}

export interface Waterfall {
  bars: Bar[];
  /** Moments on the axis, in milliseconds from its start. */
  marks: { left: number; ms: number }[];
}

/**
 * Places what each attempt waited and ran on one axis of time, from when the first was due until the last ended, or
 * now. An attempt that is due in the future has waited since `sinceMs`.
 */
export function waterfallOf(attempts: readonly AttemptTimes[], nowMs: number): Waterfall {
  const times = attempts.map((attempt) => {
    const dueMs = Date.parse(attempt.scheduled_at);
    const startMs = attempt.started_at === undefined ? undefined : Date.parse(attempt.started_at);
    const endMs = attempt.finished_at === undefined ? nowMs : Date.parse(attempt.finished_at);
    return { dueMs, startMs, endMs, waitsUntilMs: startMs ?? Math.max(endMs, dueMs) };
  });
  const fromMs = Math.min(...times.map(({ dueMs, startMs }) => Math.min(dueMs, startMs ?? dueMs)));
  const untilMs = Math.max(...times.map(({ endMs, waitsUntilMs }) => Math.max(endMs, waitsUntilMs)), fromMs + 1);
  const percent = (ms: number) => ((ms - fromMs) / (untilMs - fromMs)) * 100;
  const span = (from: number, to: number): Span => ({ left: percent(from), width: percent(to) - percent(from) });
  return {
    bars: times.map(({ dueMs, startMs, endMs, waitsUntilMs }) => ({
      waiting: waitsUntilMs > dueMs ? span(dueMs, waitsUntilMs) : undefined,
      running: startMs === undefined ? undefined : span(startMs, Math.max(endMs, startMs)),
      waitedMs: Math.max(0, waitsUntilMs - dueMs),
      ranMs: startMs === undefined ? undefined : Math.max(0, endMs - startMs),
    })),
    marks: marksOf(untilMs - fromMs),
  };
}

const STEPS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 15e3, 3e4, 6e4, 12e4, 3e5, 6e5, 9e5, 18e5, 36e5];

/** Three to six round moments. */
function marksOf(lengthMs: number): Waterfall["marks"] {
  const wanted = lengthMs / 5;
  const step = STEPS.find((each) => each >= wanted) ?? Math.ceil(wanted / 36e5) * 36e5;
  const count = Math.floor(lengthMs / step);
  return Array.from({ length: count + 1 }, (_, index) => ({
    ms: index * step,
    left: ((index * step) / lengthMs) * 100,
  }));
}
