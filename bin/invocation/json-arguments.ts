import { InexactNumber, parseExactly } from "../../lambdas/api/exact-numbers.ts";
import { UsageError } from "./errors.ts";

/**
 * Parses arguments of a function, each typed as JSON.
 * @throws UsageError naming the one that is none, or has a number that JavaScript would change
 */
export function parseJsonArguments(texts: readonly string[]): unknown[] {
  return texts.map((text, index) => {
    try {
      return parseExactly(text);
    } catch (error) {
      if (error instanceof InexactNumber) throw new UsageError(`argument ${index + 1}: ${inexactText(error)}`);
      throw new UsageError(`argument ${index + 1} is not JSON: ${text} (a text has quotes: '"${text}"')`);
    }
  });
}

/** Says that a number would become another one, and what to write. */
export function inexactText({ number }: InexactNumber): string {
  return `the number ${number} cannot be kept exactly; write it as a text: "${number}"`;
}
