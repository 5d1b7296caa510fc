/** One of the six fields of a `cron(…)` expression, and the values it may have. */
export interface CronField {
  first: number;
  last: number;
  /** Names of the values, from `first` on. */
  names?: readonly string[];
  /** Whether steps are allowed: `5/10`. */
  hasSteps: boolean;
}

const ITEM = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

/**
 * Returns the values of a field, ascending: a list of `*`, `a`, `a-b`, each with a step where the field allows it.
 * `a/n` runs from a to the last value. Ranges do not run over the end.
 * @returns `undefined` for a value that EventBridge refuses
 */
export function readField(field: CronField, text: string): readonly number[] | undefined {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const read = readItem(field, item);
    if (read === undefined) return undefined;
    for (const value of read) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** Parses a single value: a number within the field, or a name in any case. */
export function readValue({ first, last, names }: CronField, text: string): number | undefined {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return first + named;
  const value = Number(text);
  return /^\d+$/.test(text) && value >= first && value <= last ? value : undefined;
}

function readItem(field: CronField, item: string): number[] | undefined {
  const [matched, a, b, n] = ITEM.exec(item) ?? [];
  if (matched === undefined) return undefined;
  const from = a === undefined ? field.first : readValue(field, a);
  const alone = a === undefined || n !== undefined ? field.last : from;
  const to = b === undefined ? alone : readValue(field, b);
  const step = n === undefined ? 1 : Number(n);
  if (from === undefined || to === undefined || to < from || step < 1) return undefined;
  if (n !== undefined && !field.hasSteps) return undefined;
  const values = [];
  for (let value = from; value <= to; value += step) values.push(value);
  return values;
}
