import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { attemptsQuery, executionQuery } from "../api/execution.ts";
import { argumentsQuery } from "../api/payloads.ts";
import type { Execution } from "../api/types.ts";
import { Tabs } from "../ui/tabs.tsx";
import { ChildrenTab } from "./children-tab.tsx";
import { ExecutionActions } from "./execution-actions.tsx";
import { ExecutionFacts } from "./execution-facts.tsx";
import { LogsTab } from "./logs-tab.tsx";
import { MetadataTab } from "./metadata-tab.tsx";
import { PayloadView } from "./payload-view.tsx";
import { ResultTab } from "./result-tab.tsx";
import { TimelineTab } from "./timeline-tab.tsx";
import { Waterfall } from "./waterfall.tsx";

/** One execution: what became of it, why, and what can be done about it. */
export function ExecutionScreen() {
  const { id: reference } = useParams({ from: "/executions/$id" });
  // An attempt's id leads to its execution, with that attempt chosen.
  const [id = "", number] = reference.split(".");
  const { data: execution, error } = useQuery(executionQuery(id));
  if (error !== null && execution === undefined) throw error;
  if (execution === undefined) return <Loading />;
  return <Loaded key={id} execution={execution} number={number === undefined ? undefined : Number(number)} />;
}

function Loaded({ execution, number }: { execution: Execution; number: number | undefined }) {
  const search = useSearch({ from: "/executions/$id" });
  const navigate = useNavigate();
  const { data: attempts = [] } = useQuery(attemptsQuery(execution.id, execution.version));
  const chosen = Number(search["attempt"] ?? number ?? execution.attempt);
  // Until the attempts are there the execution speaks for its last one.
  const attempt = attempts.find((each) => each.attempt === chosen) ?? execution;
  const change = (changes: Record<string, string>) =>
    void navigate({
      to: "/executions/$id",
      params: { id: execution.id },
      search: { ...search, ...changes },
      replace: true,
      resetScroll: false,
    });
  const hasFailed = attempt.state === "failed";
  const isRunning = execution.state === "started" || execution.state === "aborting";
  const tabs = [
    { id: "result", label: hasFailed ? "Error" : "Result", content: <ResultTab attempt={attempt} /> },
    {
      id: "arguments",
      label: "Arguments",
      content: <PayloadView query={argumentsQuery(execution.id)} id={execution.id} what="arguments" />,
    },
    { id: "logs", label: "Logs", content: <LogsTab key={attempt.id} attempt={attempt} /> },
    { id: "timeline", label: "Timeline", content: <TimelineTab execution={execution} /> },
    { id: "children", label: "Children", content: <ChildrenTab id={execution.id} /> },
    { id: "metadata", label: "Metadata", content: <MetadataTab metadata={execution.metadata} /> },
  ];
  return (
    <div className="mx-auto w-full max-w-6xl px-4 pt-3 pb-10 md:px-6">
      <Link to="/executions" className="inline-flex items-center gap-1.5 rounded text-muted hover:text-text">
        <ArrowLeft className="size-4" aria-hidden="true" /> Executions
      </Link>
      <ExecutionActions execution={execution} />
      <ExecutionFacts execution={execution} />
      <div className="mt-4 space-y-4">
        <Waterfall
          attempts={attempts.length > 0 ? attempts : [execution]}
          chosen={attempt.attempt}
          onChoose={(next) => change({ attempt: String(next) })}
        />
        <section className="overflow-hidden rounded-xl border border-line bg-surface shadow-card">
          <Tabs
            label="Details"
            tabs={tabs}
            current={search["tab"] ?? (isRunning ? "logs" : "result")}
            onChange={(tab) => change({ tab })}
          />
        </section>
      </div>
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading" className="mx-auto w-full max-w-6xl space-y-4 px-4 pt-12 md:px-6">
      <div className="h-8 w-64 rounded-lg bg-line motion-safe:animate-shimmer" />
      <div className="h-16 rounded-xl bg-line motion-safe:animate-shimmer" />
      <div className="h-40 rounded-xl bg-line motion-safe:animate-shimmer" />
    </div>
  );
}
