/**
 * Control characters but the tab, and characters that turn the direction of text: a terminal acts on them instead of
 * showing them, and what user code or a caller wrote must not clear the screen or fake a line.
 */
const UNSAFE = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/** Returns a text of somebody else's with what a terminal would act on escaped as in JavaScript; newlines stay. */
export function printable(text: string): string {
  return text.replaceAll(UNSAFE, (character) => {
    if (character === "\n" || character === "\t") return character;
    const code = character.charCodeAt(0);
    return code < 0x100 ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** Returns {@link printable} text in one line. */
export function printableLine(text: string): string {
  return printable(text).replaceAll("\n", "\\n").replaceAll("\t", " ");
}

/** Returns a value as JSON in one line that a terminal shows and does not act on. */
export function printableJson(value: unknown): string {
  // Within JSON a control character can only be in a text, where it may be escaped.
  return JSON.stringify(value).replaceAll(
    UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
