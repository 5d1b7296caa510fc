/** A longer message tells no more about its kind. */
const MAX_LENGTH = 1_000;

/**
 * Order matters: quoted text may hold anything, paths hold ids, and ids hold numbers. Each pattern is linear in the
 * length of the text.
 */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/"[^"\n]*"|`[^`\n]*`/g, "<text>"],
  // An apostrophe within a word is no quote.
  [/(?<!\w)'[^'\n]*'(?!\w)/g, "<text>"],
  [/[a-z][a-z0-9+.-]{0,20}:\/\/[^\s<>]+/gi, "<path>"],
  [/(?<![\w<])(?:[A-Za-z]:\\|\\\\|~\/|\.{0,2}\/)[^\s<>:;,()]+/g, "<path>"],
  [/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "<id>"],
  // Any word with a digit beside other characters, such as order-17b. Numbers keep what stands for their unit.
  [/(?<![\w<-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z_])[\w-]+(?:@[\w.-]+)?/g, "<id>"],
  [/[\w.+-]+@[\w-]+\.[\w.-]+/g, "<id>"],
  [/\d+(?:[.,]\d+)*/g, "<n>"],
];

/**
 * Returns an error's message without what differs from one failure of its kind to the next: numbers, ids, quoted text,
 * paths.
 */
export function maskMessage(message: string): string {
  let masked = message.slice(0, MAX_LENGTH);
  for (const [pattern, placeholder] of PATTERNS) masked = masked.replaceAll(pattern, placeholder);
  return masked.replaceAll(/\s+/g, " ").trim();
}
