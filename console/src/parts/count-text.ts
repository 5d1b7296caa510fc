import type { ApiFilters, BulkAction, DryRun } from "../api/types.ts";
import { formatDuration } from "../ui/duration.ts";

/** Dollars for an execution of a function that does nothing: docs/cost.md. */
const DOLLARS_EACH = 12 / 1_000_000;

type Count = Pick<DryRun, "matched" | "matched_is_lower_bound">;

/**
 * Whether a job may have something to do. Counting ends early where much is looked at, even if nothing matched so far.
 */
export function mayMatch({ matched, matched_is_lower_bound: isMore }: Count): boolean {
  return matched > 0 || isMore;
}

/** Says how many executions match: `312`, `312 or more`. */
export function countOf({ matched, matched_is_lower_bound: isMore }: Count): string {
  return `${matched.toLocaleString()}${isMore ? " or more" : ""}`;
}

/** Says what a job would meet: `312 executions of sendInvoice.` */
export function countText(counted: DryRun, filters: ApiFilters, noun: string): string {
  const { matched, sample } = counted;
  if (matched === 0) return "None matches among those looked at so far. The job looks at the others, too.";
  const names = [...new Set(sample.map(({ function_name }) => function_name))];
  const count = `${countOf(counted)} ${noun}`;
  // A kind of failure is of one function; otherwise only the oldest are known.
  const isOne = filters.error_fingerprint !== undefined || filters.function_ids?.length === 1;
  return isOne || sample.length === matched
    ? `${count} of ${names.join(", ")}.`
    : `${count}, the oldest of ${names.join(", ")}.`;
}

/** Says how long a job takes at a pace, and what it costs. */
export function paceText(
  action: BulkAction,
  { matched, matched_is_lower_bound: isMore }: Count,
  perSecond: number,
): string {
  if (!(perSecond >= 1)) return "From 1 to 1,000.";
  const duration =
    matched === 0
      ? "How long it takes is not known."
      : `Takes ${isMore ? "at least" : "about"} ${formatDuration((matched / perSecond) * 1_000)}.`;
  if (action !== "rerun") return duration;
  const dollars = matched * DOLLARS_EACH;
  const counted = dollars < 0.01 ? "less than a cent" : `about $${dollars.toFixed(2)}`;
  const cost = isMore ? `about $${DOLLARS_EACH * 1_000_000} for a million` : counted;
  return `${duration} Costs ${cost} and what the functions themselves use.`;
}
