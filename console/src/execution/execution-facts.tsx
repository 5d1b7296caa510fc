import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Execution } from "../api/types.ts";
import { Ran, Waited } from "../parts/columns.tsx";
import { classes } from "../ui/classes.ts";
import { Time } from "../ui/time.tsx";

/** Times of an execution, and where it comes from. */
export function ExecutionFacts({ execution }: { execution: Execution }) {
  const { scheduled_at, created_at, created_by, executed_by, rerun_of, schedule_name, error_code } = execution;
  const { waiting_for, compute } = execution;
  return (
    <dl className="mt-4 flex flex-wrap gap-px overflow-hidden rounded-xl border border-line bg-line shadow-card">
      <Fact label="Due">
        <Time at={scheduled_at} />
      </Fact>
      <Fact label="Waited">
        <Waited execution={execution} />
      </Fact>
      <Fact label="Ran">
        <Ran execution={execution} />
      </Fact>
      {waiting_for !== undefined && <Fact label="Waits for">{waitsFor[waiting_for]}</Fact>}
      <Fact label="Attempt">{execution.attempt}</Fact>
      {error_code !== undefined && <Fact label="Error code">{error_code}</Fact>}
      <Fact label="Created" isWide>
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
      {compute === "fargate" && <Fact label="Runs on">Fargate</Fact>}
    </dl>
  );
}

const waitsFor: Readonly<Record<NonNullable<Execution["waiting_for"]>, string>> = {
  capacity: "a free place",
  rate_limit: "its rate limit",
  pause: "a resume: paused",
};

function Fact({ label, children, isWide = false }: { label: string; children: ReactNode; isWide?: boolean }) {
  return (
    <div className={classes("min-w-0 grow bg-surface px-4 py-2.5", isWide ? "basis-52" : "basis-32")}>
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
