import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isRunning, jobsQuery } from "../api/bulk.ts";
import type { ApiFilters, FailureGroup } from "../api/types.ts";
import { BulkDialog } from "../parts/bulk-dialog.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { Time } from "../ui/time.tsx";
import { lastRerun } from "./last-rerun.ts";

/** Runs all failures of a kind again, and tells of a job that has run them again already. */
export function RerunDialog({
  group: { fingerprint, function_name, error_name },
  onClose,
}: {
  group: FailureGroup;
  onClose: () => void;
}) {
  const { data: jobs, errorUpdateCount } = useQuery(jobsQuery);
  const last = lastRerun(jobs ?? [], fingerprint);
  const [isLaterOnly, setIsLaterOnly] = useState(false);
  const filters: ApiFilters = {
    error_fingerprint: fingerprint,
    states: ["failed"],
    ...(last !== undefined && isLaterOnly && { started_at: { from: last.created_at } }),
  };
  return (
    <BulkDialog
      action="rerun"
      title={`Run all again: ${function_name}, ${error_name}`}
      filters={filters}
      nothing={
        filters.started_at === undefined
          ? "No execution of this kind is failed now."
          : "No failed execution of this kind started after that job."
      }
      onClose={onClose}
    >
      {jobs === undefined && errorUpdateCount > 0 && (
        <p className="mb-3 text-muted">Earlier jobs could not be looked up.</p>
      )}
      {last !== undefined && (
        <div className="mb-3 rounded-lg bg-sunken px-3 py-2 text-muted">
          <p>
            {isRunning(last) ? "A job is running these again: " : "A job ran "}
            {last.done.toLocaleString()}
            {isRunning(last) ? " so far, begun " : " of these again "}
            <Time at={last.created_at} />. Those that have run again stay failed here
            {!isLaterOnly && ", and would run once more"}.
          </p>
          <Checkbox isChecked={isLaterOnly} onChange={setIsLaterOnly} className="mt-1.5 text-text">
            Only executions that started after that job
          </Checkbox>
        </div>
      )}
    </BulkDialog>
  );
}
