import type { ErrorResult } from "./attempt-error.ts";

/** A message that is longer than this tells nobody more. */
const MAX_MESSAGE = 500;

/** Describes an error in one line: name, message, and the first place in the user's own code. */
export function errorLine({ name, message, stack }: ErrorResult): string {
  const text = `${name}: ${message}`.replaceAll(/\s*\n\s*/g, " ").slice(0, MAX_MESSAGE);
  const places = [...stack.matchAll(/^\s+at (?:.* \(|async )?(.*?:\d+:\d+)\)?$/gm)].map(([, place]) => place ?? "");
  // The user's are relative to the project; Node's, ours and those of packages are not.
  const own = places.find((place) => !/^(\/|[a-z]+:)|node_modules\//i.test(place));
  return own === undefined ? text : `${text} (at ${own})`;
}
