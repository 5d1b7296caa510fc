import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { executionQuery } from "../api/execution.ts";
import { Ran, Waited } from "../executions/columns.tsx";
import { ScreenHeader } from "../ui/screen-header.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { ExactTime } from "../ui/time.tsx";

/** One execution: what became of it. */
export function ExecutionScreen() {
  const { id } = useParams({ from: "/executions/$id" });
  const { data: execution, error } = useQuery(executionQuery(id));
  if (error !== null) throw error;
  if (execution === undefined) return null;
  return (
    <>
      <ScreenHeader
        title={execution.function_name}
        subtitle={<span className="font-mono text-xs">{execution.id}</span>}
      >
        <StateBadge state={execution.state} />
      </ScreenHeader>
      <dl className="mx-4 grid grid-cols-[auto_1fr] gap-x-6 gap-y-2 md:mx-6">
        <dt className="text-muted">Due</dt>
        <dd>
          <ExactTime at={execution.scheduled_at} />
        </dd>
        <dt className="text-muted">Waited</dt>
        <dd>
          <Waited execution={execution} />
        </dd>
        <dt className="text-muted">Ran</dt>
        <dd>
          <Ran execution={execution} />
        </dd>
      </dl>
    </>
  );
}
