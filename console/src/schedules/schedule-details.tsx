import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Pause, Pencil, Play, SquareTerminal, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { useCan } from "../api/access.ts";
import {
  deleteSchedule,
  pauseSchedule,
  resumeSchedule,
  runSchedule,
  scheduleQuery,
  ticksQuery,
} from "../api/schedules.ts";
import type { ApiSchedule, Schedule } from "../api/types.ts";
import { notifyRun } from "../parts/ask.ts";
import { confirm } from "../shell/confirm.tsx";
import { Button } from "../ui/button.tsx";
import { notify, notifyError } from "../ui/notices.tsx";
import { Time } from "../ui/time.tsx";
import { ScheduleDialog } from "./schedule-dialog.tsx";

/** The next ticks of a schedule, its settings, and what can be done with it. */
export function ScheduleDetails({ schedule }: { schedule: Schedule }) {
  return (
    <div className="grid gap-6 border-t border-line bg-sunken px-4 py-4 md:grid-cols-2 md:px-11">
      <Ticks schedule={schedule} />
      <div>
        {schedule.source === "api" ? (
          <Settings schedule={schedule} />
        ) : (
          <p className="text-muted">
            The code makes this schedule, with <code>defer.cron</code>; a deployment changes it.
          </p>
        )}
      </div>
    </div>
  );
}

function Ticks({ schedule }: { schedule: Schedule }) {
  const version = "updated_at" in schedule ? schedule.updated_at : "";
  const { data: ticks, error } = useQuery(ticksQuery(schedule.name, version));
  const hasSeconds = ticks?.some((tick) => !tick.endsWith(":00.000Z"));
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zone = schedule.timezone ?? "UTC";
  return (
    <section>
      <h3 className="mb-1.5 font-semibold">Next ticks</h3>
      {error !== null && <p className="text-bad">{error.message}</p>}
      {ticks?.length === 0 && <p className="text-muted">{schedule.paused ? "None while it is paused." : "None."}</p>}
      {ticks !== undefined && ticks.length > 0 && (
        <div className="overflow-x-auto">
          <table className="w-full text-left tabular max-sm:text-xs">
            <thead className="text-xs text-muted">
              <tr>
                <th scope="col" className="py-1 pr-4 font-medium">
                  {own}
                </th>
                {zone !== own && (
                  <th scope="col" className="py-1 pr-4 font-medium">
                    {zone}
                  </th>
                )}
                <th scope="col" className="py-1 font-medium max-sm:sr-only">
                  From now
                </th>
              </tr>
            </thead>
            <tbody>
              {ticks.map((tick) => (
                <tr key={tick} className="border-t border-line">
                  <td className="py-1 pr-4 whitespace-nowrap">{inZone(tick, own, hasSeconds)}</td>
                  {zone !== own && <td className="py-1 pr-4 whitespace-nowrap">{inZone(tick, zone, hasSeconds)}</td>}
                  <td className="py-1 whitespace-nowrap text-muted max-sm:hidden">
                    <Time at={tick} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Settings({ schedule }: { schedule: ApiSchedule }) {
  const { name, paused, cron, overlap, catch_up, jitter_seconds, starts_at, ends_at, last_execution_id, last_at } =
    schedule;
  const [isEditing, setIsEditing] = useState(false);
  const full = useQuery({ ...scheduleQuery(name), enabled: isEditing });
  const canControl = useCan("control");
  return (
    <section>
      <h3 className="mb-1.5 font-semibold">Settings</h3>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-1">
        {cron !== undefined && <Setting label="Cron">{<code className="font-mono text-[13px]">{cron}</code>}</Setting>}
        <Setting label="While one runs">{overlaps[overlap]}</Setting>
        <Setting label="After an outage">{catchUps[catch_up]}</Setting>
        {jitter_seconds > 0 && <Setting label="Jitter">up to {jitter_seconds} s</Setting>}
        {starts_at !== undefined && <Setting label="From">{inZone(starts_at, undefined)}</Setting>}
        {ends_at !== undefined && <Setting label="Until">{inZone(ends_at, undefined)}</Setting>}
        <Setting label="Last run">
          {last_execution_id !== undefined && last_at !== undefined ? (
            <Link to="/executions/$id" params={{ id: last_execution_id }} className="text-accent-text hover:underline">
              <Time at={last_at} />
            </Link>
          ) : (
            "not yet"
          )}
        </Setting>
        <Setting label="All runs">
          <Link to="/executions" search={{ schedule: name }} className="text-accent-text hover:underline">
            Executions of this schedule
          </Link>
        </Setting>
      </dl>
      {canControl && (
        <div className="mt-4 flex flex-wrap gap-2">
          <Button
            onClick={() => void runSchedule(name).then((run) => notifyRun(run, `${name} runs now.`), notifyError)}
          >
            <SquareTerminal className="size-4" aria-hidden="true" /> Run now
          </Button>
          {paused ? (
            <Button
              onClick={() => void resumeSchedule(name).then(() => notify("good", `${name} goes on.`), notifyError)}
            >
              <Play className="size-4" aria-hidden="true" /> Resume
            </Button>
          ) : (
            <Button
              onClick={() => void pauseSchedule(name).then(() => notify("good", `${name} is paused.`), notifyError)}
            >
              <Pause className="size-4" aria-hidden="true" /> Pause
            </Button>
          )}
          <Button onClick={() => setIsEditing(true)}>
            <Pencil className="size-4" aria-hidden="true" /> Edit
          </Button>
          <Button onClick={() => void askDelete(name)}>
            <Trash2 className="size-4 text-bad" aria-hidden="true" /> Delete
          </Button>
        </div>
      )}
      {isEditing && full.data?.source === "api" && (
        <ScheduleDialog schedule={full.data} onClose={() => setIsEditing(false)} />
      )}
    </section>
  );
}

function Setting({ label, children }: { label: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{label}</dt>
      <dd className="min-w-0 break-words">{children}</dd>
    </>
  );
}

const overlaps = {
  allow: "the next one runs beside it",
  skip: "the next one is left out",
  cancel: "it is cancelled for the next one",
} as const;

const catchUps = {
  latest: "the latest missed tick runs",
  all: "all missed ticks run",
  none: "no missed tick runs",
} as const;

async function askDelete(name: string): Promise<void> {
  const isConfirmed = await confirm({
    title: `Delete ${name}?`,
    text: "It ticks no more. Executions that it has already enqueued stay.",
    action: "Delete",
    isDangerous: true,
  });
  if (isConfirmed) await deleteSchedule(name).then(() => notify("good", `${name} is deleted.`), notifyError);
}

/** A moment in a zone; `undefined` is the reader's own. */
function inZone(at: string, timeZone: string | undefined, hasSeconds = false): string {
  return new Intl.DateTimeFormat(undefined, {
    weekday: "short",
    month: "short",
    day: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    ...(hasSeconds && { second: "2-digit" }),
    hourCycle: "h23",
    ...(timeZone !== undefined && { timeZone }),
  }).format(Date.parse(at));
}
