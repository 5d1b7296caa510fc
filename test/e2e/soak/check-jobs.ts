import type { Call, Stored } from "./history.ts";

export const BULK = "/public/v2/bulk";

/** A bulk job as the API shows it. */
export interface ShownJob {
  id: string;
  action: "cancel" | "rerun" | "reschedule";
  state: string;
  filters: { metadata: readonly { key: string; values: readonly string[] }[] };
  matched: number;
  done: number;
  skipped: number;
  failed: number;
}

/** Every promise of the bulk jobs that is broken, in words: none is lost, and their counts agree with the records. */
export function brokenJobs(calls: readonly Call[], jobs: readonly ShownJob[], records: readonly Stored[]): string[] {
  const told = calls.flatMap(({ method, path, outcome }) => {
    const isAnswered = outcome !== "unknown" && "answer" in outcome;
    return method === "POST" && path === BULK && isAnswered ? [(outcome.answer as { data: ShownJob }).data.id] : [];
  });
  return [
    ...told
      .filter((id) => jobs.every((job) => job.id !== id))
      .map((id) => `the job ${id} was acknowledged, and is lost`),
    ...jobs.flatMap((job) => brokenJob(job, records).map((it) => `the job ${job.id} ${it}`)),
  ];
}

// The soak starts one job of each kind, after all that it matches: no other one acts on the same.
function brokenJob({ id, action, state, filters, ...counts }: ShownJob, records: readonly Stored[]): string[] {
  const { matched, done, skipped, failed } = counts;
  const isMeant = ({ metadata }: Stored) =>
    filters.metadata.every(({ key, values }) => values.includes(metadata[key] ?? ""));
  const meant = records.filter((it) => isMeant(it) && it.rerunOf === undefined);
  const acted =
    action === "rerun"
      ? records.flatMap((it) => (isMeant(it) ? (it.rerunOf ?? []) : []))
      : records.filter((it) => it.job === id).map((it) => it.id);
  const once = new Set(acted);
  const outside = [...once].filter((it) => meant.every((record) => record.id !== it));
  return [
    ...(state === "done" ? [] : [`is ${state}`]),
    ...(matched === meant.length ? [] : [`has matched ${matched} of ${meant.length}`]),
    ...(matched === done + skipped + failed ? [] : [`counts ${done}, ${skipped} and ${failed} of ${matched}`]),
    ...(once.size === acted.length ? [] : ["has re-run one twice"]),
    ...outside.map((it) => `has acted on ${it}, which its filters do not match`),
    // An execution that counts as failed may be done: the answer was lost.
    ...(done <= once.size && once.size <= done + failed ? [] : [`counts ${done} done, and has done ${once.size}`]),
  ];
}
