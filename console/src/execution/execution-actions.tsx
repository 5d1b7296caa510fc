import { useQuery } from "@tanstack/react-query";
import { Ban, CalendarClock, ChevronDown, Pencil, RotateCcw } from "lucide-react";
import { useEffect, useState } from "react";
import { useCan } from "../api/access.ts";
import { refresh, reschedule } from "../api/actions.ts";
import { argumentsQuery } from "../api/payloads.ts";
import type { Execution } from "../api/types.ts";
import { askCancel, askRerun } from "../parts/ask.ts";
import { RescheduleDialog } from "../parts/reschedule-dialog.tsx";
import { useShortcuts } from "../shell/shortcuts.ts";
import { Button } from "../ui/button.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Menu, MenuItem } from "../ui/menu.tsx";
import { FunctionName } from "../ui/name.tsx";
import { notify, notifyError } from "../ui/notices.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { EditRerunDialog } from "./edit-rerun-dialog.tsx";
import { clientCodeOf, curlOf } from "./snippets.ts";

/** Name and state of an execution, and everything that can be done with it. */
export function ExecutionActions({ execution }: { execution: Execution }) {
  const { id, state, function_name } = execution;
  const [dialog, setDialog] = useState<"edit" | "reschedule">();
  const canControl = useCan("control");
  const canCancel = canControl && (state === "created" || state === "started");
  useEffect(() => {
    document.title = `${function_name} · Epoque`;
  }, [function_name]);
  useShortcuts({
    r: canControl ? () => void askRerun(execution) : undefined,
    e: canControl ? () => setDialog("edit") : undefined,
    c: canCancel ? () => void askCancel(execution) : undefined,
  });
  return (
    <div className="mt-2 flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight break-words">
            <FunctionName name={function_name} />
          </h1>
          <StateBadge state={state} />
        </div>
        <p className="flex items-center gap-1 font-mono text-xs text-muted">
          <span className="truncate">{id}</span>
          <CopyButton text={id} label="Copy the id" />
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {canCancel && (
          <Button onClick={() => void askCancel(execution)}>
            <Ban className="size-4" aria-hidden="true" /> {state === "started" ? "Abort" : "Cancel"}
          </Button>
        )}
        {canControl && state === "created" && (
          <Button onClick={() => setDialog("reschedule")}>
            <CalendarClock className="size-4" aria-hidden="true" /> Reschedule
          </Button>
        )}
        {canControl && (
          <>
            <Button onClick={() => setDialog("edit")}>
              <Pencil className="size-4" aria-hidden="true" /> Edit and run
            </Button>
            <Button kind="primary" onClick={() => void askRerun(execution)}>
              <RotateCcw className="size-4" aria-hidden="true" /> Run again
            </Button>
          </>
        )}
        <CopyMenu execution={execution} />
      </div>
      {dialog === "edit" && <EditRerunDialog execution={execution} onClose={() => setDialog(undefined)} />}
      {dialog === "reschedule" && (
        <RescheduleDialog
          title={`Reschedule ${function_name}`}
          onClose={() => setDialog(undefined)}
          onChoose={async (at) => {
            await reschedule(id, at);
            notify("good", "Rescheduled.");
            await refresh();
          }}
        />
      )}
    </div>
  );
}

function CopyMenu({ execution }: { execution: Execution }) {
  const { data } = useQuery(argumentsQuery(execution.id));
  const call =
    data !== undefined && "text" in data
      ? { function_name: execution.function_name, metadata: execution.metadata, arguments: data.text }
      : undefined;
  const copy = (text: string) =>
    void navigator.clipboard.writeText(text).then(() => notify("good", "Copied."), notifyError);
  return (
    <Menu
      trigger={
        <Button>
          Copy <ChevronDown className="size-3.5 text-muted" aria-hidden="true" />
        </Button>
      }
    >
      <MenuItem disabled={call === undefined} onSelect={() => call && copy(curlOf(call, location.origin))}>
        As a curl command
      </MenuItem>
      <MenuItem disabled={call === undefined} onSelect={() => call && copy(clientCodeOf(call))}>
        As client code
      </MenuItem>
      <MenuItem onSelect={() => copy(location.href)}>The link to this page</MenuItem>
    </Menu>
  );
}
