import { Link } from "@tanstack/react-router";
import { useCan } from "../api/access.ts";
import { isRunning, stopJob } from "../api/bulk.ts";
import type { Job } from "../api/types.ts";
import { actionWords } from "../parts/bulk-actions.ts";
import { FailureList } from "../parts/failure-list.tsx";
import { confirm } from "../shell/confirm.tsx";
import { Button } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { notify, notifyError } from "../ui/notices.tsx";
import { Time } from "../ui/time.tsx";
import { filterLabels } from "./filter-labels.ts";
import { JobProgress } from "./job-progress.tsx";
import { rerunsSearch } from "./reruns-search.ts";

const looks: Readonly<Record<Job["state"], { label: string; badge: string }>> = {
  running: { label: "Running", badge: "bg-busy-soft text-busy" },
  done: { label: "Done", badge: "bg-good-soft text-good" },
  stopped: { label: "Stopped", badge: "bg-idle-soft text-idle" },
  failed: { label: "Failed", badge: "bg-bad-soft text-bad" },
};

/** A job with its progress, its filters and what went wrong. */
export function JobRow({
  job,
  names,
  functionOf,
  isMarked,
  expected,
}: {
  job: Job;
  /** Names of functions and kinds of failures, by their ids. */
  names: ReadonlyMap<string, string>;
  /** Names of the functions that kinds of failures are of, and of functions by their ids. */
  functionOf: ReadonlyMap<string, string>;
  isMarked: boolean;
  /** Executions that matched when it was asked for. */
  expected?: number;
}) {
  const canControl = useCan("control");
  const { label, badge } = looks[job.state];
  const name = actionWords[job.action].name;
  return (
    <li
      aria-label={`${name}, ${label.toLowerCase()}`}
      className={classes("rounded-xl border bg-surface p-4 shadow-card", isMarked ? "border-accent" : "border-line")}
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <span className={classes("inline-flex h-6 items-center rounded-full px-2.5 text-xs font-medium", badge)}>
          {label}
        </span>
        <h2 className="font-semibold">{name}</h2>
        <Filters labels={filterLabels(job.filters, names)} />
        <span className="text-xs text-muted md:ml-auto">
          <Time at={job.created_at} />
          {job.created_by !== undefined && <> by {job.created_by}</>}, at most {job.per_second} a second
        </span>
        {canControl && isRunning(job) && <Button onClick={() => void askStop(job)}>Stop</Button>}
      </div>
      <JobProgress job={job} {...(expected !== undefined && { expected })} />
      {job.action === "rerun" && job.done > 0 && (
        <Link
          to="/executions"
          search={rerunsSearch(job, functionOf)}
          className="mt-2 inline-block text-xs text-accent-text hover:underline"
        >
          Show what has run since
        </Link>
      )}
      {job.failures.length > 0 && <WhyFailed job={job} />}
    </li>
  );
}

function Filters({ labels }: { labels: ReturnType<typeof filterLabels> }) {
  if (labels.length === 0) return <span className="text-xs text-muted">all executions</span>;
  return (
    <span className="flex min-w-0 flex-wrap gap-1">
      {labels.map(({ name, value }, index) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may be there twice, and the list never changes
          key={`${index} ${name}`}
          className="max-w-72 truncate rounded-md bg-sunken px-1.5 py-0.5 text-xs text-muted"
          title={value}
        >
          {name} <span className="text-text">{value}</span>
        </span>
      ))}
    </span>
  );
}

function WhyFailed({ job: { failures, failed } }: { job: Job }) {
  return (
    <details className="mt-3 text-sm">
      <summary className="cursor-pointer text-bad">
        {failed === failures.length ? "Why they failed" : `Why the first ${failures.length} failed`}
      </summary>
      <FailureList
        failures={failures.map(({ execution_id: id, message }) => ({ id, message }))}
        className="mt-2 flex flex-col gap-1"
      />
    </details>
  );
}

async function askStop({ id, action, done }: Job): Promise<void> {
  const isConfirmed = await confirm({
    title: `Stop this ${actionWords[action].name.toLowerCase()}?`,
    text: `The ${done.toLocaleString()} that are done stay done. The others are left as they are.`,
    action: "Stop it",
    isDangerous: true,
  });
  if (!isConfirmed) return;
  await stopJob(id).then(() => notify("good", "Stopped."), notifyError);
}
