import { useQuery } from "@tanstack/react-query";
import { rerun } from "../api/actions.ts";
import { argumentsQuery } from "../api/payloads.ts";
import type { Execution } from "../api/types.ts";
import { InputForm } from "../json/input-form.tsx";
import { formatJson } from "../json/tokens.ts";
import { notifyRun } from "../parts/ask.ts";
import { Dialog } from "../ui/dialog.tsx";

/** Runs an execution again with other arguments or metadata. */
export function EditRerunDialog({ execution, onClose }: { execution: Execution; onClose: () => void }) {
  const { data, error } = useQuery(argumentsQuery(execution.id));
  return (
    <Dialog title={`Edit and run ${execution.function_name} again`} onClose={onClose} isWide>
      {error !== null ? (
        <p className="break-words text-bad">{error.message}</p>
      ) : data === undefined ? (
        <div className="h-64" aria-busy="true" />
      ) : "text" in data ? (
        <InputForm
          initial={{ arguments: formatJson(data.text), metadata: JSON.stringify(execution.metadata, null, 2) }}
          action="Run with this input"
          run={async (input) => notifyRun(await rerun(execution.id, input))}
          onClose={onClose}
        />
      ) : (
        <p className="text-muted">The arguments are too large to edit here, or no longer kept.</p>
      )}
    </Dialog>
  );
}
