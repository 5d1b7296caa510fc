/** Last six characters of an id: enough for a person to tell imports apart. */
export function shortId(id: string): string {
  return id.slice(-6);
}
