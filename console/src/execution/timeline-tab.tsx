import { useQuery } from "@tanstack/react-query";
import { timelineQuery } from "../api/timeline.ts";
import type { Change, Execution } from "../api/types.ts";
import { classes } from "../ui/classes.ts";
import { formatDuration } from "../ui/duration.ts";
import { Empty } from "../ui/empty.tsx";
import { ExactTime } from "../ui/time.tsx";
import { ExecutionLine } from "./execution-line.tsx";

const words: Readonly<Record<Change["what"], { text: string; dot: string }>> = {
  created: { text: "Created", dot: "bg-wait" },
  started: { text: "Started", dot: "bg-busy" },
  attempt_failed: { text: "Attempt failed", dot: "bg-bad" },
  retry_set: { text: "Retry set", dot: "bg-wait" },
  rescheduled: { text: "Rescheduled", dot: "bg-wait" },
  aborting: { text: "Abort asked for", dot: "bg-wait" },
  succeed: { text: "Succeeded", dot: "bg-good" },
  failed: { text: "Failed", dot: "bg-bad" },
  aborted: { text: "Aborted", dot: "bg-idle" },
  cancelled: { text: "Cancelled", dot: "bg-idle" },
  discarded: { text: "Discarded", dot: "bg-idle" },
};

/** Everything that happened to an execution, oldest first, and its re-runs. */
export function TimelineTab({ execution }: { execution: Execution }) {
  const { data, error } = useQuery(timelineQuery(execution.id, execution.version));
  if (error !== null) return <Empty title="It could not be loaded">{error.message}</Empty>;
  if (data === undefined) return <div className="h-40" aria-busy="true" />;
  return (
    <div className="px-4 py-4">
      <ol className="relative space-y-4 before:absolute before:top-2 before:bottom-2 before:left-[5px] before:w-px before:bg-line">
        {data.changes.map((change, index) => {
          const { text, dot } = words[change.what];
          const before = data.changes[index - 1];
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: changes are only ever added at the end
            <li key={index} className="relative flex gap-3 pl-6">
              <span
                className={classes("absolute top-1.5 left-0 size-[11px] rounded-full ring-4 ring-surface", dot)}
                aria-hidden="true"
              />
              <div className="min-w-0">
                <p className="break-words">
                  <span className="font-medium">{text}</span>
                  {change.attempt !== undefined && <span className="text-muted"> · attempt {change.attempt}</span>}
                  {change.error_code !== undefined && <span className="text-muted"> · {change.error_code}</span>}
                  {change.for !== undefined && (
                    <span className="text-muted">
                      {" "}
                      for <ExactTime at={change.for} />
                    </span>
                  )}
                  {change.by !== undefined && <span className="text-muted"> · by {change.by}</span>}
                </p>
                <p className="text-xs text-muted tabular">
                  <ExactTime at={change.at} />
                  {before !== undefined && ` · ${formatDuration(Date.parse(change.at) - Date.parse(before.at))} later`}
                </p>
              </div>
            </li>
          );
        })}
      </ol>
      {data.reruns.length > 0 && (
        <section className="mt-6">
          <h3 className="mb-1 font-semibold">Run again as</h3>
          {data.reruns.map((rerun) => (
            <ExecutionLine key={rerun.id} execution={rerun} />
          ))}
        </section>
      )}
    </div>
  );
}
