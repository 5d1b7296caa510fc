import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { ListChecks } from "lucide-react";
import { jobsQuery } from "../api/bulk.ts";
import { failuresQuery } from "../api/failures.ts";
import { functionsQuery } from "../api/functions.ts";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { RowsLoading } from "../ui/rows-loading.tsx";
import { ScreenHeader } from "../ui/screen-header.tsx";
import { JobRow } from "./job-row.tsx";

/** Jobs that act on many executions: how far they have come, who asked for them, stop. */
export function BulkScreen() {
  const { job: shown, of } = useSearch({ from: "/bulk" });
  const jobs = useQuery(jobsQuery);
  const functions = useQuery(functionsQuery);
  const hasFailures = jobs.data?.some(({ filters }) => "error_fingerprint" in filters) === true;
  const client = useQueryClient();
  const failures = useQuery({
    ...failuresQuery(),
    enabled: hasFailures,
    refetchInterval: false,
    placeholderData: () => client.getQueryData(failuresQuery("open").queryKey),
  });
  const names = new Map([
    ...(functions.data ?? []).map(({ id, name }) => [id, name] as const),
    ...(failures.data ?? []).map(
      ({ fingerprint, function_name, error_name }) => [fingerprint, `${error_name} of ${function_name}`] as const,
    ),
  ]);
  const functionOf = new Map([
    ...(functions.data ?? []).map(({ id, name }) => [id, name] as const),
    ...(failures.data ?? []).map(({ fingerprint, function_name }) => [fingerprint, function_name] as const),
  ]);
  return (
    <>
      <ScreenHeader title="Bulk" subtitle="Jobs that cancel, run again or reschedule all that match their filters" />
      {jobs.isPending ? (
        <RowsLoading count={4} />
      ) : jobs.isError && jobs.data === undefined ? (
        <Empty
          title="The jobs could not be loaded"
          action={<Button onClick={() => void jobs.refetch()}>Try again</Button>}
        >
          {jobs.error.message}
        </Empty>
      ) : jobs.data?.length === 0 ? (
        <Empty icon={<ListChecks className="size-6" aria-hidden="true" />} title="No jobs yet">
          Filter the executions, then choose “All that match”: the job appears here.
        </Empty>
      ) : (
        <ul className="flex flex-col gap-3 px-4 pb-8 md:px-6">
          {jobs.data?.map((job) => (
            <JobRow
              key={job.id}
              job={job}
              names={names}
              functionOf={functionOf}
              isMarked={job.id === shown}
              {...(job.id === shown && Number(of) > 0 && { expected: Number(of) })}
            />
          ))}
        </ul>
      )}
    </>
  );
}
