import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Execution } from "../api/types.ts";
import { Ran, Waited } from "../executions/columns.tsx";
import { Time } from "../ui/time.tsx";

/** Times of an execution, and where it comes from. */
export function ExecutionFacts({ execution }: { execution: Execution }) {
  const { scheduled_at, created_at, created_by, executed_by, rerun_of, schedule_name, error_code } = execution;
  return (
    <dl className="mt-4 grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line shadow-card sm:grid-cols-3 lg:grid-cols-[repeat(auto-fit,minmax(8rem,1fr))]">
      <Fact label="Due">
        <Time at={scheduled_at} />
      </Fact>
      <Fact label="Waited">
        <Waited execution={execution} />
      </Fact>
      <Fact label="Ran">
        <Ran execution={execution} />
      </Fact>
      <Fact label="Attempt">{execution.attempt}</Fact>
      {error_code !== undefined && <Fact label="Error code">{error_code}</Fact>}
      <Fact label="Created">
        <Time at={created_at} />
        {created_by !== undefined && <span className="text-muted"> by {created_by.split(":")[0]}</span>}
      </Fact>
      {executed_by !== undefined && (
        <Fact label="Parent">
          <IdLink id={executed_by} />
        </Fact>
      )}
      {rerun_of !== undefined && (
        <Fact label="Re-run of">
          <IdLink id={rerun_of} />
        </Fact>
      )}
      {schedule_name !== undefined && <Fact label="Schedule">{schedule_name}</Fact>}
    </dl>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="min-w-0 bg-surface px-4 py-2.5 max-sm:last:odd:col-span-2">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="truncate font-medium tabular">{children}</dd>
    </div>
  );
}

function IdLink({ id }: { id: string }) {
  return (
    <Link to="/executions/$id" params={{ id }} title={id} className="font-mono text-accent-text hover:underline">
      …{id.slice(-6)}
    </Link>
  );
}
