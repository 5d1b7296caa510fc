import type { Context } from "../invocation/context.ts";
import { Failure } from "../invocation/errors.ts";
import { printable } from "../terminal/printable.ts";
import type { Style } from "../terminal/terminal.ts";
import { checkAlarms } from "./doctor/check-alarms.ts";
import { checkBuild } from "./doctor/check-build.ts";
import { checkClientVersion } from "./doctor/check-client-version.ts";
import { checkEndpoint } from "./doctor/check-endpoint.ts";
import { checkQuotas } from "./doctor/check-quotas.ts";
import { checkToken } from "./doctor/check-token.ts";
import type { Finding } from "./doctor/finding.ts";

const MARKS: Record<Finding["state"], [string, Style]> = {
  good: ["✓", "green"],
  doubtful: ["!", "yellow"],
  bad: ["✗", "red"],
  skipped: ["–", "dim"],
};

/** Looks for what is wrong, from the endpoint to the functions, and says what to do about it. */
export default async function doctor(
  context: Context,
  _: readonly string[],
  { functions }: { functions?: string },
): Promise<void> {
  const checks: [string, () => Promise<Finding[]>][] = [
    ["asking the endpoint", () => checkEndpoint(context)],
    ["asking with the token", () => checkToken(context)],
    ["looking for the client", () => checkClientVersion(context.directory)],
    ["building the functions", () => checkBuild(context, functions)],
    ["asking for alarms", () => checkAlarms(context)],
    ["asking for quotas", () => checkQuotas(context)],
  ];
  let bad = 0;
  for (const [label, check] of checks) {
    context.terminal.redraw(`${label} …`);
    const findings = await check();
    context.terminal.redraw("");
    for (const finding of findings) {
      const [mark, style] = MARKS[finding.state];
      const { what, message } = finding;
      context.show(finding, () => `${context.terminal.style(style, mark)} ${what.padEnd(10)} ${printable(message)}`);
      if (finding.state === "bad") bad++;
    }
  }
  if (bad > 0) throw new Failure(bad === 1 ? "one thing is wrong" : `${bad} things are wrong`);
}
