import { UsageError } from "./errors.ts";

/**
 * Parses arguments of a function, each typed as JSON.
 * @throws UsageError naming the one that is none
 */
export function parseJsonArguments(texts: readonly string[]): unknown[] {
  return texts.map((text, index) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      throw new UsageError(`argument ${index + 1} is not JSON: ${text} (a text has quotes: '"${text}"')`);
    }
  });
}
