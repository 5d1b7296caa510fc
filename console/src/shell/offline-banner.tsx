import { WifiOff } from "lucide-react";
import { connection } from "../api/connection.ts";
import { useStore } from "../state/store.ts";

/** Says that the API does not answer, and how old what is shown is. It goes away by itself. */
export function OfflineBanner() {
  const state = useStore(connection);
  if (state.isUp) return null;
  return (
    <div role="alert" className="flex items-center gap-2 border-b border-line bg-wait-soft px-4 py-2 text-wait">
      <WifiOff className="size-4 shrink-0" aria-hidden="true" />
      <span>
        <strong className="font-semibold">No connection.</strong> You see what was known at{" "}
        {new Date(state.sinceMs).toLocaleTimeString()}; trying again …
      </span>
    </div>
  );
}
