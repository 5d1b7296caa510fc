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
