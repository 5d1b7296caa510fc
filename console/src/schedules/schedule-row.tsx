import { ChevronRight } from "lucide-react";
import type { Schedule } from "../api/types.ts";
import { describeCron } from "../parts/describe-cron.ts";
import { Badge } from "../ui/badge.tsx";
import { classes } from "../ui/classes.ts";
import { formatDuration } from "../ui/duration.ts";
import { Time } from "../ui/time.tsx";
import { ScheduleDetails } from "./schedule-details.tsx";

/** A schedule in a row, which opens. */
export function ScheduleRow({
  schedule,
  isOpen,
  onToggle,
}: {
  schedule: Schedule;
  isOpen: boolean;
  onToggle: () => void;
}) {
  const { name, function_name, next_at, paused, source } = schedule;
  return (
    <li>
      <h2>
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={onToggle}
          className="grid w-full grid-cols-[1rem_1fr_auto] items-center gap-x-3 gap-y-0.5 px-4 py-3 text-left hover:bg-sunken md:grid-cols-[1rem_minmax(0,1.3fr)_minmax(0,1fr)_minmax(0,1.4fr)_7rem]"
        >
          <ChevronRight
            className={classes("size-4 text-muted transition-transform", isOpen && "rotate-90")}
            aria-hidden="true"
          />
          <span className="flex min-w-0 items-center gap-x-2 gap-y-1 max-md:flex-wrap">
            <span className="max-w-full truncate font-medium">{name}</span>
            {paused && <Badge look="wait">Paused</Badge>}
            {source === "code" && <Badge look="idle">In the code</Badge>}
          </span>
          <span className="truncate text-muted max-md:order-1 max-md:col-span-2 max-md:col-start-2">
            {function_name}
          </span>
          <span className="truncate text-muted max-md:order-1 max-md:col-span-2 max-md:col-start-2">
            {describeTicks(schedule)}
          </span>
          <span className="text-right text-muted tabular">
            {next_at === undefined ? (
              "–"
            ) : (
              <>
                next <Time at={next_at} />
              </>
            )}
          </span>
        </button>
      </h2>
      {isOpen && <ScheduleDetails schedule={schedule} />}
    </li>
  );
}

function describeTicks(schedule: Schedule): string {
  if (schedule.cron !== undefined) return `${describeCron(schedule.cron)}, ${schedule.timezone ?? "UTC"}`;
  const seconds = "every_seconds" in schedule ? schedule.every_seconds : undefined;
  return seconds === undefined ? "" : `every ${formatDuration(seconds * 1_000)}`;
}
