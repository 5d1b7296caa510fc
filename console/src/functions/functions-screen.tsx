import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { SquareFunction } from "lucide-react";
import { useRef } from "react";
import { failuresQuery } from "../api/failures.ts";
import { loadQuery } from "../api/functions.ts";
import { schedulesQuery } from "../api/schedules.ts";
import { lastDayCount } from "../parts/hours.ts";
import { useShortcuts } from "../shell/shortcuts.ts";
import { Button } from "../ui/button.tsx";
import { Empty } from "../ui/empty.tsx";
import { inputClass } from "../ui/field.tsx";
import { useNow } from "../ui/now.ts";
import { RowsLoading } from "../ui/rows-loading.tsx";
import { ScreenHeader } from "../ui/screen-header.tsx";
import { FunctionCard } from "./function-card.tsx";

/** More functions than this can be filtered by name. */
const SOME = 6;

/** The deployed functions: how busy they are, their settings, pause and resume, run once. */
export function FunctionsScreen() {
  const { q: wanted = "" } = useSearch({ from: "/functions" });
  const navigate = useNavigate({ from: "/functions" });
  const input = useRef<HTMLInputElement>(null);
  useShortcuts({ f: () => input.current?.focus() });
  const functions = useQuery(loadQuery);
  const schedules = useQuery(schedulesQuery);
  const failures = useQuery(failuresQuery());
  const now = useNow();
  const nextTicks = new Map(
    schedules.data?.schedules
      .filter(({ source }) => source === "code")
      .map(({ function_name, next_at }) => [function_name, next_at]),
  );
  const shown = functions.data?.filter(({ name }) => name.toLowerCase().includes(wanted.toLowerCase()));
  return (
    <>
      <ScreenHeader title="Functions" subtitle={functions.data && `${functions.data.length} deployed from the code`}>
        {(functions.data?.length ?? 0) > SOME && (
          <input
            ref={input}
            type="search"
            aria-label="Filter by name"
            placeholder="Filter by name"
            value={wanted}
            onChange={(event) => void navigate({ search: { q: event.target.value }, replace: true })}
            className={`${inputClass} max-w-56`}
          />
        )}
      </ScreenHeader>
      {functions.isPending ? (
        <RowsLoading count={5} />
      ) : functions.isError && shown === undefined ? (
        <Empty
          title="The functions could not be loaded"
          action={<Button onClick={() => void functions.refetch()}>Try again</Button>}
        >
          {functions.error.message}
        </Empty>
      ) : shown?.length === 0 && wanted !== "" ? (
        <Empty
          title="No function has this in its name"
          action={<Button onClick={() => void navigate({ search: {}, replace: true })}>Show all</Button>}
        />
      ) : shown === undefined || shown.length === 0 ? (
        <Empty icon={<SquareFunction className="size-6" aria-hidden="true" />} title="No functions">
          A file in the folder of functions with a default export made by <code>defer</code> appears here.
        </Empty>
      ) : (
        <ul className="grid grid-cols-1 gap-3 px-4 pb-8 md:px-6 lg:grid-cols-2 2xl:grid-cols-3">
          {shown.map((deployed) => (
            <FunctionCard
              key={deployed.id}
              deployed={deployed}
              nextTick={nextTicks.get(deployed.name)}
              failures={failures.data
                ?.filter(({ function_name }) => function_name === deployed.name)
                .reduce((sum, { by_hour }) => sum + lastDayCount(by_hour, now), 0)}
            />
          ))}
        </ul>
      )}
    </>
  );
}
