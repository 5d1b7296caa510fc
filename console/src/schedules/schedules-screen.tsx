import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { CalendarPlus, CalendarX } from "lucide-react";
import { useState } from "react";
import { useCan } from "../api/access.ts";
import { schedulesQuery } from "../api/schedules.ts";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { RowsLoading } from "../ui/rows-loading.tsx";
import { ScreenHeader } from "../ui/screen-header.tsx";
import { ScheduleDialog } from "./schedule-dialog.tsx";
import { ScheduleRow } from "./schedule-row.tsx";

/** All schedules: when they tick, and everything that can be changed about them. */
export function SchedulesScreen() {
  const { open } = useSearch({ from: "/schedules" });
  const navigate = useNavigate({ from: "/schedules" });
  const { data, isPending, isError, error, refetch } = useQuery(schedulesQuery);
  const [isCreating, setIsCreating] = useState(false);
  const canControl = useCan("control");
  const create = canControl && (
    <Button kind="primary" onClick={() => setIsCreating(true)}>
      <CalendarPlus className="size-4" aria-hidden="true" /> New schedule
    </Button>
  );
  return (
    <>
      <ScreenHeader title="Schedules" subtitle={`Times in ${Intl.DateTimeFormat().resolvedOptions().timeZone}`}>
        {create}
      </ScreenHeader>
      {isPending ? (
        <RowsLoading count={4} />
      ) : isError && data === undefined ? (
        <Empty
          title="The schedules could not be loaded"
          action={<Button onClick={() => void refetch()}>Try again</Button>}
        >
          {error.message}
        </Empty>
      ) : data.schedules.length === 0 ? (
        <Empty icon={<CalendarX className="size-6" aria-hidden="true" />} title="No schedules" action={create}>
          A schedule runs a function again and again: at times of a zone, or in equal steps. Your program can make them
          too, with PUT /public/v2/schedules.
        </Empty>
      ) : (
        <ul className="mx-4 mb-8 divide-y divide-line rounded-xl border border-line bg-surface shadow-card md:mx-6">
          {data.schedules.map((schedule) => (
            <ScheduleRow
              key={`${schedule.source} ${schedule.name}`}
              schedule={schedule}
              isOpen={open === schedule.name}
              onToggle={() =>
                void navigate({ search: open === schedule.name ? {} : { open: schedule.name }, replace: true })
              }
            />
          ))}
        </ul>
      )}
      {data?.isAll === false && (
        <p className="pb-8 text-center text-xs text-muted">
          These are the first {data.schedules.length}; GET /public/v2/schedules lists the others.
        </p>
      )}
      {isCreating && <ScheduleDialog onClose={() => setIsCreating(false)} />}
    </>
  );
}
