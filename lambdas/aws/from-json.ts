/**
 * Returns the value of a JSON text, or `undefined` if it is none. JSON.parse's error would quote the text, which may be
 * anybody's: the message of a schema is enough.
 */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
