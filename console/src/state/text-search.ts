/** The parameters of an address, each a text. */
export type TextSearch = { [name: string]: string | undefined };

/** Reads the parameters of an address as texts; what is empty is left out. */
export function textSearch(search: Record<string, unknown>): TextSearch {
  const texts = Object.entries(search).map(([name, value]) => [name, String(value ?? "")] as const);
  return Object.fromEntries(texts.filter(([, value]) => value !== ""));
}
