/** Why something is no cron expression that we can run. */
export interface CronFault {
  /** One sentence for the user: the field, the wrong value and what may stand there. */
  problem: string;
}

/** One of the five fields, and the values it may have. */
export interface CronField {
  name: string;
  first: number;
  last: number;
  /** For each value its name, from `first` on. */
  names?: readonly string[];
  /** Sunday is 7 as well as 0, and a range may run over the end of the week. */
  week?: true;
}

const ITEM = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

/**
 * The values that the text of a field stands for, ascending, each once: a list of `*`, `a` and `a-b`, each of which may
 * have a step, as in `a-b/n`. `a/n` runs from a to the last value.
 */
export function readCronField(field: CronField, text: string): readonly number[] | CronFault {
  const values = new Set<number>();
  for (const item of text.split(",")) {
    const read = readItem(field, item);
    if ("problem" in read) return read;
    for (const value of read) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** A fault in a field: `value` is what it has, `allowed` what it may have. */
export function wrongField({ name }: CronField, value: string, allowed: string): CronFault {
  return { problem: `the cron expression has a wrong ${name}: ${value} is not ${allowed}` };
}

function readItem(field: CronField, item: string): number[] | CronFault {
  const match = ITEM.exec(item);
  if (match === null) return wrongField(field, item || '""', `a value, a range or a step within ${valuesOf(field)}`);
  const [, a, b, n] = match;
  const { first, last } = field;
  const step = n === undefined ? 1 : Number(n);
  // A step as long as the field is common: */60 is every hour. A longer one is a mistake: */90 would be every hour too.
  const longest = last - first + 1;
  if (step < 1 || step > longest) return wrongField(field, item, `a step within 1-${longest}`);
  if (a === undefined) return everyFrom(field, first, last, step);

  const from = readValue(field, a);
  if (from === undefined) return wrongField(field, a, `within ${valuesOf(field)}`);
  const single = n === undefined ? from : last;
  const to = b === undefined ? single : readValue(field, b);
  if (to === undefined) return wrongField(field, b ?? item, `within ${valuesOf(field)}`);
  if (to >= from) return everyFrom(field, from, to, step);
  // FRI-SUN and FRI-MON say clearly what they mean. 30-5 may well be a slip.
  if (field.week) return everyFrom(field, from, to + longest, step);
  return wrongField(field, item, `in order; over the end it is two, ${from}-${last},${first}-${to}`);
}

function everyFrom({ last, week }: CronField, from: number, to: number, step: number): number[] {
  const values = [];
  for (let value = from; value <= to; value += step) values.push(week ? value % (last + 1) : value);
  return values;
}

function readValue({ first, last, names, week }: CronField, text: string): number | undefined {
  const named = names?.indexOf(text.toUpperCase()) ?? -1;
  if (named >= 0) return first + named;
  if (!/^\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= first && value <= (week ? last + 1 : last) ? value : undefined;
}

function valuesOf({ first, last, names, week }: CronField): string {
  const numbers = `${first}-${week ? last + 1 : last}`;
  return names === undefined ? numbers : `${numbers} or ${names[0]}-${names.at(-1)}`;
}
