import { isRunning } from "../api/bulk.ts";
import type { Job } from "../api/types.ts";
import { classes } from "../ui/classes.ts";
import { formatDuration } from "../ui/duration.ts";
import { useNow } from "../ui/now.ts";

/** How far a job has come: a bar where it is known how much there is to do, and the counts. */
export function JobProgress({ job, expected }: { job: Job; expected?: number }) {
  const now = useNow();
  const { done, skipped, failed, matched, limit, created_at, finished_at } = job;
  const worked = done + skipped + failed;
  // A job counts while it goes on: until it has ended, only who has asked knows how many there are.
  const total = isRunning(job) ? (expected ?? limit) : Math.max(matched, worked);
  const share = total === undefined || total === 0 ? undefined : Math.min(1, worked / total);
  const ms = (finished_at === undefined ? now : Date.parse(finished_at)) - Date.parse(created_at);
  const counts = [
    `${done.toLocaleString()} done`,
    skipped > 0 && `${skipped.toLocaleString()} skipped`,
    failed > 0 && `${failed.toLocaleString()} failed`,
  ];
  return (
    <div className="mt-3">
      {isRunning(job) && (
        <div
          role="progressbar"
          aria-label="Progress"
          aria-valuemin={0}
          aria-valuemax={100}
          {...(share !== undefined && { "aria-valuenow": Math.floor(share * 100) })}
          className="mb-2 h-2 overflow-hidden rounded-full bg-sunken"
        >
          <div
            style={{ width: share === undefined ? "100%" : `${share * 100}%` }}
            className={classes(
              "h-full rounded-full bg-accent transition-[width]",
              share === undefined && "opacity-40 motion-safe:animate-pulse-dot",
            )}
          />
        </div>
      )}
      <p className="text-xs text-muted tabular">
        <span className="text-text">{counts.filter(Boolean).join(" · ")}</span>
        {total !== undefined && isRunning(job) && <> of {total.toLocaleString()}</>} · {formatDuration(ms)}
        {skipped > 0 && " · skipped: their state did not allow it"}
      </p>
    </div>
  );
}
