import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Input, refresh, rerun } from "../api/actions.ts";
import { argumentsQuery } from "../api/payloads.ts";
import type { Execution } from "../api/types.ts";
import { notifyRun } from "../executions/ask.ts";
import { InputFields, problemWith } from "../json/input-fields.tsx";
import { formatJson } from "../json/tokens.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";

/** Runs an execution again with other arguments or metadata. */
export function EditRerunDialog({ execution, onClose }: { execution: Execution; onClose: () => void }) {
  const { data } = useQuery(argumentsQuery(execution.id));
  return (
    <Dialog title={`Edit and run ${execution.function_name} again`} onClose={onClose} isWide>
      {data === undefined ? (
        <div className="h-64" aria-busy="true" />
      ) : "text" in data ? (
        <Form execution={execution} text={data.text} onClose={onClose} />
      ) : (
        <p className="text-muted">The arguments are too large to edit here, or no longer kept.</p>
      )}
    </Dialog>
  );
}

function Form({ execution, text, onClose }: { execution: Execution; text: string; onClose: () => void }) {
  const [input, setInput] = useState<Input>(() => ({
    arguments: formatJson(text),
    metadata: JSON.stringify(execution.metadata, null, 2),
  }));
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  async function run() {
    const found = problemWith(input);
    setProblem(found);
    if (found !== undefined) return;
    setIsBusy(true);
    try {
      notifyRun(await rerun(execution.id, input));
      onClose();
      await refresh();
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setIsBusy(false);
    }
  }
  return (
    <>
      <InputFields initial={input} onChange={(change) => setInput((current) => ({ ...current, ...change }))} />
      <p role="alert" className="min-h-5 pt-2 break-words text-bad">
        {problem}
      </p>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        <Button kind="primary" isBusy={isBusy} onClick={() => void run()}>
          Run with this input
        </Button>
      </DialogActions>
    </>
  );
}
