import type { Construct } from "constructs";
import type { FunctionManifest } from "../builder/manifest.ts";
import { parseCron } from "../lambdas/core/cron.ts";
import { eventBridgeExpressions } from "../lambdas/core/eventbridge-cron.ts";
import type { Scheduling } from "./scheduling.ts";

/** Adds the schedules of a function's cron expression to its construct. */
export function addTicks(
  scope: Construct,
  { manifest, scheduling }: { manifest: FunctionManifest; scheduling: Scheduling },
): void {
  for (const [index, expression] of ticksOf(manifest).entries()) {
    scheduling.addTicks(scope, `Ticks${index}`, manifest.name, expression);
  }
}

function ticksOf({ cron: expression }: FunctionManifest): string[] {
  if (expression === undefined) return [];
  const cron = parseCron(expression);
  // The build has refused what cannot be read.
  if ("problem" in cron) throw new Error(cron.problem);
  return eventBridgeExpressions(cron);
}
