import { Link } from "@tanstack/react-router";
import { CalendarClock, Pause, Play, SquareTerminal } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useCan } from "../api/access.ts";
import { pauseFunction, resumeFunction } from "../api/functions.ts";
import type { DeployedFunction } from "../api/types.ts";
import { describeCron } from "../schedules/describe-cron.ts";
import { confirm } from "../shell/confirm.tsx";
import { notify, notifyError } from "../shell/notices.tsx";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { formatDuration } from "../ui/duration.ts";
import { Time } from "../ui/time.tsx";
import { RunDialog } from "./run-dialog.tsx";

/** One function: its name, how busy it is, its settings, what can be done. */
export function FunctionCard({
  deployed,
  nextTick,
  failures,
}: {
  deployed: DeployedFunction;
  nextTick: string | undefined;
  /** Failed attempts of the last day. */
  failures: number;
}) {
  const { name, paused, load, cron } = deployed;
  const [isRunning, setIsRunning] = useState(false);
  const canControl = useCan("control");
  const canEnqueue = useCan("enqueue");
  return (
    <li className="flex flex-col rounded-xl border border-line bg-surface shadow-card">
      <div className="flex items-start justify-between gap-3 px-4 pt-3.5">
        <h2 className="min-w-0 text-base font-semibold break-words">
          <Link to="/executions" search={{ function: name }} className="hover:text-accent-text hover:underline">
            {name}
          </Link>
        </h2>
        {paused && <Badge look="wait">Paused</Badge>}
        {cron !== undefined && <Badge look="idle">Cron</Badge>}
      </div>
      {cron !== undefined && (
        <p className="mt-1 flex items-center gap-1.5 px-4 text-muted">
          <CalendarClock className="size-4 shrink-0" aria-hidden="true" />
          <span>
            {describeCron(cron)}, UTC
            {nextTick !== undefined && (
              <>
                {" "}
                · next <Time at={nextTick} />
              </>
            )}
          </span>
        </p>
      )}
      <dl className="mt-3 grid grid-cols-2 gap-px border-y border-line bg-line">
        <Load label="Waiting" value={load?.waiting}>
          <FilterLink name={name} state="created" label={`Waiting executions of ${name}`} />
        </Load>
        <Load
          label="Running"
          value={load?.running}
          suffix={load?.running_is_lower_bound === true ? "+" : ""}
          isBusy={(load?.running ?? 0) > 0}
        >
          <FilterLink name={name} state="started,aborting" label={`Running executions of ${name}`} />
        </Load>
      </dl>
      <p className="px-4 pt-3 text-muted">{settingsOf(deployed).join(" · ")}</p>
      <p className="px-4 pt-1 pb-3">
        {failures === 0 ? (
          <span className="text-muted">No failures in the last day</span>
        ) : (
          <Link
            to="/executions"
            search={{ function: name, state: "failed", since: "24h" }}
            className="text-bad hover:underline"
          >
            {failures.toLocaleString()} failed {failures === 1 ? "attempt" : "attempts"} in the last day
          </Link>
        )}
      </p>
      <div className="mt-auto flex flex-wrap gap-2 px-4 pb-4">
        {canEnqueue && (
          <Button onClick={() => setIsRunning(true)}>
            <SquareTerminal className="size-4" aria-hidden="true" /> Run once
          </Button>
        )}
        {canControl &&
          (paused ? (
            <Button kind="primary" onClick={() => void resumeNow(name)}>
              <Play className="size-4" aria-hidden="true" /> Resume
            </Button>
          ) : (
            <Button onClick={() => void askPause(name)}>
              <Pause className="size-4" aria-hidden="true" /> Pause
            </Button>
          ))}
      </div>
      {isRunning && <RunDialog functionName={name} onClose={() => setIsRunning(false)} />}
    </li>
  );
}

function Load({
  label,
  value,
  suffix = "",
  isBusy = false,
  children,
}: {
  label: string;
  value: number | undefined;
  suffix?: string;
  isBusy?: boolean;
  children: ReactNode;
}) {
  return (
    <div className="relative bg-surface px-4 py-2 hover:bg-sunken">
      <dt className="text-xs text-muted">{label}</dt>
      <dd className="flex items-center gap-2 text-lg font-semibold tabular">
        {value === undefined ? "–" : `${value.toLocaleString()}${suffix}`}
        {isBusy && <span className="size-2 rounded-full bg-busy motion-safe:animate-pulse-dot" aria-hidden="true" />}
        {children}
      </dd>
    </div>
  );
}

function FilterLink({ name, state, label }: { name: string; state: string; label: string }) {
  return (
    <Link to="/executions" search={{ function: name, state }} aria-label={label} className="absolute inset-0 rounded" />
  );
}

function settingsOf(deployed: DeployedFunction): string[] {
  const { concurrency, retry, memory, max_duration_seconds, config } = deployed;
  const lanes = config["concurrency"] as { per?: unknown; limit?: unknown } | undefined;
  const rate = config["rateLimit"] as { limit?: unknown; periodSeconds?: unknown } | undefined;
  return [
    concurrency === undefined ? "no limit" : `${concurrency} at once`,
    ...(lanes === undefined ? [] : [`${String(lanes.limit)} at once per ${String(lanes.per)}`]),
    ...(rate === undefined ? [] : [`${String(rate.limit)} in ${String(rate.periodSeconds)} s`]),
    retry.max_attempts === 0 ? "no retries" : `${retry.max_attempts} ${retry.max_attempts === 1 ? "retry" : "retries"}`,
    `${memory} MB`,
    `up to ${formatDuration(max_duration_seconds * 1_000)}`,
  ];
}

async function askPause(name: string): Promise<void> {
  const isConfirmed = await confirm({
    title: `Pause ${name}?`,
    text: "Within ten seconds nothing of it starts any more. What runs goes on; what becomes due waits, in order.",
    action: "Pause",
  });
  if (isConfirmed) await pauseFunction(name).then(() => notify("good", `${name} is paused.`), notifyError);
}

async function resumeNow(name: string): Promise<void> {
  await resumeFunction(name).then(() => notify("good", `${name} runs again.`), notifyError);
}
