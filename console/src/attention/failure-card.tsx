import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CircleCheck, EllipsisVertical, EyeOff, RotateCcw, Undo2 } from "lucide-react";
import { useCan } from "../api/access.ts";
import { isRunning } from "../api/bulk.ts";
import { examplesQuery, setResolution } from "../api/failures.ts";
import type { FailureGroup, Job } from "../api/types.ts";
import { METADATA } from "../parts/filters.ts";
import { lastDay } from "../parts/hours.ts";
import { Button, buttonClass } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { FunctionName } from "../ui/name.tsx";
import { notify, notifyError } from "../ui/notices.tsx";
import { useNow } from "../ui/now.ts";
import { Time } from "../ui/time.tsx";
import { commonMetadata } from "./common-metadata.ts";
import { HourBars } from "./hour-bars.tsx";
import { lastRerun } from "./last-rerun.ts";

/** A kind of failure: what, where, how often, for whom; run all of it again, resolve, ignore. */
export function FailureCard({
  group,
  jobs,
  isCurrent,
  onRerun,
}: {
  group: FailureGroup;
  /** Jobs that act on many executions, newest first. */
  jobs: readonly Job[];
  isCurrent: boolean;
  onRerun: () => void;
}) {
  const { fingerprint, function_name, error_name, message, count, last_seen_at, first_seen_at, state } = group;
  const now = useNow();
  const canControl = useCan("control");
  return (
    <li
      id={`failure-${fingerprint}`}
      className={classes(
        "rounded-xl border bg-surface shadow-card",
        isCurrent ? "border-accent ring-1 ring-accent" : "border-line",
      )}
    >
      <div className="grid gap-x-8 gap-y-3 p-4 md:grid-cols-[minmax(0,1fr)_14rem]">
        <div className="min-w-0">
          <p className="text-muted">
            <Link
              to="/executions"
              search={{ function: function_name }}
              className="font-medium text-text hover:underline"
            >
              <FunctionName name={function_name} />
            </Link>{" "}
            failed {count.toLocaleString()} {count === 1 ? "time" : "times"}, last <Time at={last_seen_at} />, first{" "}
            <Time at={first_seen_at} />
          </p>
          <h2 className="mt-1 text-base font-semibold break-words">
            <Link
              to="/executions/$id"
              params={{ id: group.sample_execution_id }}
              title="Show the last one"
              className="hover:underline"
            >
              <span className="text-bad">{error_name || "Error"}</span>
              {message !== "" && <span className="line-clamp-3 font-medium">{message}</span>}
            </Link>
          </h2>
          <InCommon group={group} />
          <LastRerun job={lastRerun(jobs, fingerprint)} />
        </div>
        <HourBars hours={lastDay(group.by_hour, now)} />
      </div>
      <div className="flex flex-wrap items-center gap-2 border-t border-line px-4 py-3">
        {canControl && (
          <Button kind="primary" onClick={onRerun}>
            <RotateCcw className="size-4" aria-hidden="true" /> Run all again
          </Button>
        )}
        <Link to="/executions" search={{ fingerprint }} className={buttonClass()}>
          <span className="max-sm:hidden">Show executions</span>
          <span className="sm:hidden">Executions</span>
        </Link>
        {canControl && state === "open" && (
          <>
            <Button className="max-sm:hidden" onClick={() => decide(group, "resolved")}>
              <CircleCheck className="size-4" aria-hidden="true" /> Resolve
            </Button>
            <Menu
              trigger={
                <Button kind="quiet" aria-label="More" className="px-2">
                  <EllipsisVertical className="size-4" aria-hidden="true" />
                </Button>
              }
            >
              <MenuItem onSelect={() => decide(group, "resolved")}>
                <CircleCheck className="size-4 text-muted" aria-hidden="true" /> Resolve: it opens when it happens again
              </MenuItem>
              <MenuItem onSelect={() => decide(group, "ignored")}>
                <EyeOff className="size-4 text-muted" aria-hidden="true" /> Ignore: it never opens by itself
              </MenuItem>
            </Menu>
          </>
        )}
        {canControl && state !== "open" && (
          <Button onClick={() => decide(group, "open")}>
            <Undo2 className="size-4" aria-hidden="true" /> Open again
          </Button>
        )}
      </div>
    </li>
  );
}

/** Metadata that most of the last ones share. */
function InCommon({ group: { fingerprint, count, last_seen_at } }: { group: FailureGroup }) {
  const { data: examples } = useQuery(examplesQuery(fingerprint, last_seen_at));
  const common = commonMetadata(examples?.executions ?? [], count);
  if (common === undefined) return null;
  const { pairs, shared, of } = common;
  return (
    <p className="mt-2 flex flex-wrap items-center gap-1.5 text-xs text-muted">
      {pairs.map(({ key, value }) => (
        <Link
          key={JSON.stringify([key, value])}
          to="/executions"
          search={{ fingerprint, [METADATA + key]: value }}
          className="inline-flex max-w-full items-center gap-1 rounded-md bg-bad-soft px-1.5 py-0.5 text-bad hover:underline"
        >
          <span className="truncate">
            {key} <strong className="font-semibold">{value}</strong>
          </span>
        </Link>
      ))}
      in {shared === of ? "all of" : `${shared} of`} the last {of}
    </p>
  );
}

/** The last job that ran failures of a kind again: whoever looks next does not do it twice. */
function LastRerun({ job }: { job: Job | undefined }) {
  if (job === undefined) return null;
  const { id, done, created_at } = job;
  return (
    <p className="mt-2 text-xs text-muted">
      <Link to="/bulk" search={{ job: id }} className="underline hover:text-text">
        {isRunning(job) ? (
          "Being run again"
        ) : (
          <>
            Run again <Time at={created_at} />
          </>
        )}
      </Link>
      : {done.toLocaleString()} {done === 1 ? "execution" : "executions"}
      {isRunning(job) && " so far"}
    </p>
  );
}

function decide({ fingerprint }: FailureGroup, state: FailureGroup["state"]): void {
  const done = { open: "It is open again.", resolved: "Resolved.", ignored: "Ignored from now on." };
  void setResolution(fingerprint, state).then(() => notify("good", done[state]), notifyError);
}
