import { useQuery } from "@tanstack/react-query";
import { BellRing } from "lucide-react";
import { alarmsQuery } from "../api/alarms.ts";
import { Time } from "../ui/time.tsx";

/** Alarms that ring: why, and the next step. */
export function Alarms() {
  const { data: alarms = [] } = useQuery(alarmsQuery);
  if (alarms.length === 0) return null;
  return (
    <section aria-label="Alarms that ring" className="mb-3 space-y-3">
      {alarms.map(({ name, reason, next_step, since }) => (
        <div key={name} className="flex gap-3 rounded-xl border border-bad bg-bad-soft px-4 py-3">
          <BellRing className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden="true" />
          <div className="min-w-0">
            <p className="font-semibold break-words text-bad">{reason}</p>
            <p className="break-words">{next_step}</p>
            <p className="text-xs">
              {name}, since <Time at={since} />
            </p>
          </div>
        </div>
      ))}
    </section>
  );
}
