import { readFileSync, writeFileSync } from "node:fs";
import type { Counted } from "./cost.ts";
import type { Usage } from "./prices.ts";

/** Counts that do not depend on the machine. */
const COUNTS = [
  "writeUnits",
  "readUnits",
  "sqsRequests",
  "schedulerInvocations",
  "s3Puts",
  "s3Gets",
  "lambdaRequests",
] as const;

/** They are means: a poll that brings two messages, or a setting that is read every ten seconds, is no request more. */
const HALF = 0.5;

type Counts = Pick<Usage, (typeof COUNTS)[number]>;

const file = new URL("last-counts.json", import.meta.url);

/** The counts of the last `npm run cost`, of each scenario. */
export function lastCounts(): Record<string, Counts> {
  return JSON.parse(readFileSync(file, "utf-8")) as Record<string, Counts>;
}

/** Keeps the counts of this run for the next one. */
export function keepCounts(counted: readonly Counted[]): void {
  const counts = counted.map(({ name, usage }) => [
    name,
    Object.fromEntries(COUNTS.map((kind) => [kind, rounded(usage[kind] ?? 0)]).filter(([, count]) => count !== 0)),
  ]);
  writeFileSync(file, `${JSON.stringify(Object.fromEntries(counts), undefined, 2)}\n`);
}

/** Returns the counts that have risen, a line each. New scenarios have none. */
export function risenCounts(counted: readonly Counted[], last: Record<string, Counts>): string[] {
  return counted.flatMap(({ name, usage }) =>
    COUNTS.flatMap((kind) => {
      const [before, now] = [last[name]?.[kind] ?? 0, rounded(usage[kind] ?? 0)];
      return name in last && now - before >= HALF ? [`${name}: ${kind} ${before} → ${now}`] : [];
    }),
  );
}

function rounded(count: number): number {
  return Math.round(count * 10) / 10;
}
