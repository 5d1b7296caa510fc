/** Up to this many significant digits a double keeps every decimal. Source: IEEE 754, binary64 (DBL_DIG). */
const EXACT_DIGITS = 15;

/** Number.prototype.toPrecision takes no more. */
const MAX_DIGITS = 100;

/** JSON that cannot be kept as it was sent. `number`: the text of the first such number. */
export class InexactNumber extends Error {
  readonly number: string;

  constructor(number: string) {
    super("a number would change");
    this.name = "InexactNumber";
    this.number = number;
  }
}

/**
 * Parses JSON, as `JSON.parse` does.
 * @throws SyntaxError
 * @throws InexactNumber for a number that would become another one, such as 1e400 or 9007199254740993
 */
export function parseExactly(text: string): unknown {
  const value: unknown = JSON.parse(text);
  // A reviver would see each number's source too, and takes seconds for a megabyte of numbers.
  for (const part of outsideStrings(text)) {
    for (const [source] of part.matchAll(/[0-9][0-9.eE+-]*/g)) {
      if (!isExact(source, Number(source))) throw new InexactNumber(source);
    }
  }
  return value;
}

/** Yields the parts of a valid JSON text between its strings. */
function* outsideStrings(text: string): Generator<string> {
  for (let from = 0; ; ) {
    const start = text.indexOf('"', from);
    if (start === -1) return yield text.slice(from);
    yield text.slice(from, start);
    from = endOfString(text, start + 1) + 1;
  }
}

function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return end;
  }
}

/** Whether `value` is what `source` says, to as many digits as `source` has. */
function isExact(source: string, value: number): boolean {
  if (source.length <= EXACT_DIGITS && !/e/i.test(source)) return true;
  const digits = significantDigits(source);
  if (digits === "") return true;
  if (!Number.isFinite(value) || value === 0 || digits.length > MAX_DIGITS) return false;
  // JavaScript and toPrecision may round a tie to different sides.
  return [String(value), value.toPrecision(digits.length)].some((text) => significantDigits(text) === digits);
}

function significantDigits(source: string): string {
  return (source.split(/e/i, 1)[0] ?? "")
    .replaceAll(/[^0-9]/g, "")
    .replace(/^0+/, "")
    .replace(/0+$/, "");
}
