import { Link } from "@tanstack/react-router";
import { CalendarClock, Pause, Play, SquareTerminal } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useCan } from "../api/access.ts";
import { pauseFunction, resumeFunction } from "../api/functions.ts";
import type { DeployedFunction } from "../api/types.ts";
import { describeCron } from "../parts/describe-cron.ts";
import { confirm } from "../shell/confirm.tsx";
import type { TextSearch } from "../state/text-search.ts";
import { Badge } from "../ui/badge.tsx";
import { Button } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { formatDuration } from "../ui/duration.ts";
import { FunctionName } from "../ui/name.tsx";
import { notify, notifyError } from "../ui/notices.tsx";
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
  /** Failed attempts of the last day; `undefined` until they are known. */
  failures: number | undefined;
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
            <FunctionName name={name} />
          </Link>
        </h2>
        <span className="flex shrink-0 gap-1.5">
          {paused && <Badge look="wait">Paused</Badge>}
          {deployed.compute === "fargate" && <Badge look="busy">Fargate</Badge>}
          {cron !== undefined && <Badge look="idle">Cron</Badge>}
        </span>
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
      <dl className="mt-3 grid grid-cols-4 gap-px border-y border-line bg-line">
        <Load label="Waiting" hint="Messages in its queue" value={load?.waiting}>
          <FilterLink search={{ function: name, state: "created" }} label={`Waiting executions of ${name}`} />
        </Load>
        <Load
          label="Parked"
          hint="Due, and held back by its limits or a pause"
          value={load?.parked}
          suffix={load?.parked_is_lower_bound === true ? "+" : ""}
        >
          <FilterLink search={{ function: name, state: "created" }} label={`Parked executions of ${name}`} />
        </Load>
        <Load
          label="Running"
          hint="Running now"
          value={load?.running}
          suffix={load?.running_is_lower_bound === true ? "+" : ""}
          look="busy"
        >
          <FilterLink search={{ function: name, state: "started,aborting" }} label={`Running executions of ${name}`} />
        </Load>
        <Load label="Failed" hint="Attempts that failed within the last 24 hours" value={failures} look="bad">
          <FilterLink
            search={{ function: name, state: "failed", since: "24h" }}
            label={`Executions of ${name} that failed within the last 24 hours`}
          />
        </Load>
      </dl>
      <ul aria-label="Settings" className="flex flex-wrap gap-1.5 px-4 py-3">
        {settingsOf(deployed).map((setting) => (
          <li key={setting} className="rounded-md bg-sunken px-1.5 py-0.5 text-xs break-words text-muted">
            {setting}
          </li>
        ))}
      </ul>
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

/** A number, quiet while it is none. */
function Load({
  label,
  hint,
  value,
  suffix = "",
  look,
  children,
}: {
  label: string;
  hint: string;
  value: number | undefined;
  suffix?: string;
  look?: "busy" | "bad";
  children: ReactNode;
}) {
  const isSome = (value ?? 0) > 0;
  return (
    <div title={hint} className="relative min-w-0 bg-surface px-3 py-2 hover:bg-sunken sm:px-4">
      <dt className="truncate text-xs text-muted">{label}</dt>
      <dd
        className={classes(
          "flex items-center gap-2 text-lg font-semibold tabular",
          !isSome && "text-muted",
          isSome && look === "bad" && "text-bad",
        )}
      >
        {value === undefined ? "–" : `${value.toLocaleString()}${suffix}`}
        {isSome && look === "busy" && (
          <span className="size-2 rounded-full bg-busy motion-safe:animate-pulse-dot" aria-hidden="true" />
        )}
        {children}
      </dd>
    </div>
  );
}

function FilterLink({ search, label }: { search: TextSearch; label: string }) {
  return <Link to="/executions" search={search} aria-label={label} className="absolute inset-0" />;
}

function settingsOf(deployed: DeployedFunction): string[] {
  const { concurrency, retry, memory, max_duration_seconds, config } = deployed;
  const lanes = config["concurrency"] as { per?: unknown; limit?: unknown } | undefined;
  const rate = config["rateLimit"] as { limit?: unknown; periodSeconds?: unknown } | undefined;
  return [
    concurrency === undefined ? "no concurrency limit" : `${concurrency} at once`,
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
