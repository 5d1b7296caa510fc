import { useState } from "react";
import { isRunning } from "../api/bulk.ts";
import type { FailureGroup, Job } from "../api/types.ts";
import { BulkDialog } from "../bulk/bulk-dialog.tsx";
import type { ApiFilters } from "../executions/filters.ts";
import { Time } from "../ui/time.tsx";
import { earlierReruns, since } from "./earlier-reruns.ts";

/** Runs all failures of a kind again; those that a job has run again already only if somebody wants it. */
export function RerunDialog({
  group: { fingerprint, function_name, error_name },
  jobs,
  onClose,
}: {
  group: FailureGroup;
  /** Newest first. */
  jobs: readonly Job[];
  onClose: () => void;
}) {
  const { whole, partial } = earlierReruns(jobs, fingerprint);
  const [isOnceMore, setIsOnceMore] = useState(false);
  const filters: ApiFilters = {
    error_fingerprint: fingerprint,
    states: ["failed"],
    ...(whole !== undefined && !isOnceMore && { started_at: since(whole) }),
  };
  return (
    <BulkDialog
      action="rerun"
      title={`Run all again: ${function_name}, ${error_name}`}
      filters={filters}
      nothing={
        whole === undefined
          ? "There is nothing to run again: each of them has succeeded since, in another attempt."
          : "Nothing that started since then has failed."
      }
      onClose={onClose}
    >
      {whole !== undefined && (
        <div className="mb-3 rounded-lg bg-sunken px-3 py-2 text-muted">
          <p>
            {isRunning(whole) ? "A job that runs them again began " : "They were run again "}
            <Time at={whole.created_at} />
            {isOnceMore ? ". Those from before are counted, too." : ". Only what has started since then is counted."}
          </p>
          <label className="mt-1.5 flex items-center gap-2 text-text">
            <input
              type="checkbox"
              checked={isOnceMore}
              onChange={(event) => setIsOnceMore(event.target.checked)}
              className="size-4 accent-accent"
            />
            Run those from before once more
          </label>
        </div>
      )}
      {partial !== undefined && (
        <p className="mb-3 rounded-lg bg-wait-soft px-3 py-2 text-wait">
          Another job ran {partial.done.toLocaleString()} of them again <Time at={partial.created_at} />: these would
          run once more.
        </p>
      )}
    </BulkDialog>
  );
}
