/** Writes one line to the Lambda's log. */
export function writeLogLine(line: string): void {
  process.stdout.write(`${line}\n`);
}
