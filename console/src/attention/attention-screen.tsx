import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { CircleCheckBig } from "lucide-react";
import { useState } from "react";
import { useCan } from "../api/access.ts";
import { jobsQuery } from "../api/bulk.ts";
import { failuresQuery } from "../api/failures.ts";
import type { FailureGroup } from "../api/types.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { RowsLoading } from "../ui/rows-loading.tsx";
import { ScreenHeader } from "../ui/screen-header.tsx";
import { Alarms } from "./alarms.tsx";
import { Choice } from "./choice.tsx";
import { FailureCard } from "./failure-card.tsx";
import { HeldBack } from "./held-back.tsx";
import { RerunDialog } from "./rerun-dialog.tsx";

/** The start: kinds of failures, the latest first, and what is held back. */
export function AttentionScreen() {
  const search = useSearch({ from: "/" });
  const navigate = useNavigate({ from: "/" });
  const shown = stateIn(search["show"]);
  const failures = useQuery(failuresQuery(shown));
  const groups = failures.data ?? [];
  const { data: jobs = [] } = useQuery(jobsQuery);
  const [rerun, setRerun] = useState<FailureGroup>();
  const canControl = useCan("control");
  const [current, setCurrent] = useState(-1);
  const move = (by: number) => {
    const next = Math.min(Math.max(current + by, 0), groups.length - 1);
    setCurrent(next);
    document.getElementById(`failure-${groups[next]?.fingerprint}`)?.scrollIntoView({ block: "nearest" });
  };
  const here = groups[current];
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    r: here && canControl ? () => setRerun(here) : undefined,
    Enter:
      here && document.activeElement === document.body
        ? () => void navigate({ to: "/executions/$id", params: { id: here.sample_execution_id } })
        : undefined,
  });
  return (
    <>
      <ScreenHeader title="Needs attention" subtitle={failures.isPending ? "…" : headline(shown, groups)}>
        <Choice
          label="Which failures"
          options={[
            { value: "open", label: "Open" },
            { value: "resolved", label: "Resolved" },
            { value: "ignored", label: "Ignored" },
          ]}
          value={shown}
          onChange={(show) => void navigate({ search: show === "open" ? {} : { show }, replace: true })}
        />
      </ScreenHeader>
      {failures.isPending ? (
        <RowsLoading count={3} />
      ) : failures.isError && failures.data === undefined ? (
        <Empty
          title="The failures could not be loaded"
          action={<Button onClick={() => void failures.refetch()}>Try again</Button>}
        >
          {failures.error.message}
        </Empty>
      ) : (
        <div className="px-4 pb-10 md:px-6">
          <Alarms />
          {groups.length === 0 ? (
            <Nothing shown={shown} />
          ) : (
            <ul className="space-y-3">
              {groups.map((group, index) => (
                <FailureCard
                  key={group.fingerprint}
                  group={group}
                  jobs={jobs}
                  isCurrent={index === current}
                  onRerun={() => setRerun(group)}
                />
              ))}
            </ul>
          )}
          <HeldBack />
        </div>
      )}
      {rerun !== undefined && <RerunDialog group={rerun} onClose={() => setRerun(undefined)} />}
    </>
  );
}

function Nothing({ shown }: { shown: FailureGroup["state"] }) {
  if (shown !== "open") return <Empty title={shown === "resolved" ? "Nothing is resolved" : "Nothing is ignored"} />;
  return (
    <div className="rounded-xl border border-line bg-surface shadow-card">
      <Empty
        icon={<CircleCheckBig className="size-6 text-good" aria-hidden="true" />}
        title="All is well"
        action={
          <Link to="/executions" className={buttonClass()}>
            Show executions
          </Link>
        }
      >
        No open failures in the last 7 days.
      </Empty>
    </div>
  );
}

function headline(shown: FailureGroup["state"], groups: readonly FailureGroup[]): string {
  if (groups.length === 0) return "The last 7 days";
  const kinds = groups.length === 1 ? "kind of failure" : "kinds of failures";
  return `${groups.length} ${shown} ${kinds} in the last 7 days`;
}

function stateIn(text: string | undefined): FailureGroup["state"] {
  return text === "resolved" || text === "ignored" ? text : "open";
}
