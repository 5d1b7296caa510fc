import { withSourcePlaces } from "./source-places.ts";

/** Writes one line to the Lambda's log. Stacks in it name places in our sources. */
export function writeLogLine(line: string): void {
  process.stdout.write(`${withSourcePlaces(line)}\n`);
}
