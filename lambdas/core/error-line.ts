import type { ErrorResult } from "./attempt-error.ts";
import { ownFrame } from "./failures/own-frame.ts";

/** A message that is longer than this tells nobody more. */
const MAX_MESSAGE = 500;

/** Describes an error in one line: name, message, and the first place in the user's own code. */
export function errorLine({ name, message, stack }: ErrorResult): string {
  const text = `${name}: ${message}`.replaceAll(/\s*\n\s*/g, " ").slice(0, MAX_MESSAGE);
  const own = ownFrame(stack);
  return own === undefined ? text : `${text} (at ${own.file}:${own.line}:${own.column})`;
}
