import type { Call, Stored } from "./history.ts";
import type { Shown } from "./promises.ts";

/**
 * Every re-run, of those that callers asked for one by one, that is not as it was answered, in words. A call without an
 * answer may have made one or not.
 */
export function brokenReruns(calls: readonly Call[], records: readonly Stored[]): string[] {
  const asked = calls.flatMap((call) => {
    const original = /^\/([^/]+)\/reruns$/.exec(call.path)?.[1];
    const isRefused = call.outcome !== "unknown" && "refused" in call.outcome;
    return original === undefined || isRefused ? [] : [{ original, answer: answerOf(call) }];
  });
  return [...Map.groupBy(asked, ({ original }) => original)].flatMap(([original, ofIt]) => {
    const made = records.filter(({ rerunOf }) => rerunOf === original);
    const told = ofIt.flatMap(({ answer }) => answer ?? []);
    const others = told.filter(({ id }) => made.every((it) => it.id !== id));
    return [
      ...(made.length > ofIt.length ? [`${original} has ${made.length} re-runs of ${ofIt.length} calls`] : []),
      ...others.map(({ id }) => `${id} was answered as a re-run of ${original}, and is none`),
      ...(new Set(told.map(({ id }) => id)).size < told.length ? [`two calls were answered with one re-run`] : []),
    ];
  });
}

function answerOf({ outcome }: Call): Shown | undefined {
  if (outcome === "unknown" || "refused" in outcome) return undefined;
  return (outcome.answer as { data: Shown }).data;
}
