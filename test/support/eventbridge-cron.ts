const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** The values each field takes, by EventBridge's User Guide (Cron expressions reference), without L, W, # and names. */
const FIELDS = [
  { first: 0, last: 59, steps: true },
  { first: 0, last: 23, steps: true },
  { first: 1, last: 31, steps: true },
  { first: 1, last: 12, steps: true },
  { first: 1, last: 7, steps: false },
  { first: 1970, last: 2199, steps: true },
] as const;

/**
 * When EventBridge Scheduler fires for a `cron(…)` expression, UTC, after `fromMs` and up to `toMs`. It knows nothing
 * of unix crons, and is as strict as EventBridge.
 * @throws {Error} what EventBridge would not take, or what its documentation does not say it takes
 */
export function eventBridgeTicks(expression: string, fromMs: number, toMs: number): number[] {
  const [minutes, hours, daysOfMonth, months, daysOfWeek, years] = fieldsOf(expression);
  const ticks: number[] = [];
  for (let day = Math.floor(fromMs / DAY_MS) * DAY_MS; day <= toMs; day += DAY_MS) {
    const date = new Date(day);
    if (!years.has(date.getUTCFullYear()) || !months.has(date.getUTCMonth() + 1)) continue;
    if (!daysOfMonth.has(date.getUTCDate()) || !daysOfWeek.has(date.getUTCDay() + 1)) continue;
    for (const hour of hours) for (const minute of minutes) ticks.push(day + hour * HOUR_MS + minute * MINUTE_MS);
  }
  return ticks.filter((tick) => tick > fromMs && tick <= toMs);
}

type Values = Set<number>;

function fieldsOf(expression: string): [Values, Values, Values, Values, Values, Values] {
  const texts = /^cron\((\S+(?: \S+){5})\)$/.exec(expression)?.[1]?.split(" ");
  if (texts === undefined) throw new Error(`not six fields: ${expression}`);
  if (expression.length > 256) throw new Error(`${expression.length} characters are too many: ${expression}`);
  if ((texts[2] === "?") === (texts[4] === "?")) throw new Error(`not one of both days is "?": ${expression}`);
  const values = (index: 0 | 1 | 2 | 3 | 4 | 5) => {
    const text = texts[index] ?? "";
    return valuesOf((index === 2 || index === 4) && text === "?" ? "*" : text, FIELDS[index]);
  };
  return [values(0), values(1), values(2), values(3), values(4), values(5)];
}

function valuesOf(text: string, { first, last, steps }: (typeof FIELDS)[number]): Values {
  const values: Values = new Set();
  for (const item of text.split(",")) {
    const [, from = first, to = from, step] = /^(?:\*|(\d+)(?:-(\d+))?)(?:\/(\d+))?$/.exec(item) ?? fail(item);
    const end = item.startsWith("*") || (step !== undefined && !item.includes("-")) ? last : Number(to);
    if (step !== undefined && (!steps || Number(step) < 1)) fail(item);
    if (Number(from) < first || end > last || end < Number(from)) fail(item);
    for (let value = Number(from); value <= end; value += Number(step ?? 1)) values.add(value);
  }
  return values;
}

function fail(item: string): never {
  throw new Error(`EventBridge does not take ${item}`);
}
