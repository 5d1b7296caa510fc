import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Hourglass, Pause } from "lucide-react";
import { useCan } from "../api/access.ts";
import { loadQuery, resumeFunction } from "../api/functions.ts";
import type { DeployedFunction } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { notify, notifyError } from "../ui/notices.tsx";

/** Functions that are paused, or that have a queue. */
export function HeldBack() {
  const { data: functions = [] } = useQuery(loadQuery);
  const canControl = useCan("control");
  const paused = functions.filter((deployed) => deployed.paused);
  const waiting = functions
    .filter(({ paused: isPaused }) => !isPaused)
    .map(({ name, load }) => ({ name, text: load && queueText(load) }))
    .filter(({ text }) => text);
  if (paused.length === 0 && waiting.length === 0) return null;
  return (
    <section aria-labelledby="held-back" className="mt-6">
      <h2 id="held-back" className="mb-2 font-semibold">
        Held back
      </h2>
      <ul className="divide-y divide-line rounded-xl border border-line bg-surface shadow-card">
        {paused.map(({ name }) => (
          <li key={name} className="flex flex-wrap items-center gap-3 px-4 py-2.5">
            <Pause className="size-4 text-wait" aria-hidden="true" />
            <Link to="/functions" search={{ q: name }} className="min-w-0 font-medium break-words hover:underline">
              {name}
            </Link>
            <span className="flex-1 text-muted">is paused: nothing of it starts</span>
            {canControl && (
              <Button
                onClick={() => void resumeFunction(name).then(() => notify("good", `${name} runs again.`), notifyError)}
              >
                Resume
              </Button>
            )}
          </li>
        ))}
        {waiting.map(({ name, text }) => (
          <li key={name} className="flex items-center gap-3 px-4 py-2.5">
            <Hourglass className="size-4 text-muted" aria-hidden="true" />
            <Link
              to="/executions"
              search={{ function: name, state: "created" }}
              className="min-w-0 font-medium break-words hover:underline"
            >
              {name}
            </Link>
            <span className="text-muted tabular">{text}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Describes the executions of a function that have not begun; empty when there are none. */
function queueText({ waiting, parked, parked_is_lower_bound: isMore }: NonNullable<DeployedFunction["load"]>): string {
  const parts = [
    waiting > 0 && `has ${waiting.toLocaleString()} waiting in its queue`,
    parked > 0 && `holds ${parked.toLocaleString()}${isMore ? " or more" : ""} back for its limits`,
  ];
  return parts.filter(Boolean).join(", ");
}
