import { useState } from "react";
import { enqueue, type Input, refresh } from "../api/actions.ts";
import { notifyRun } from "../executions/ask.ts";
import { InputFields, problemWith } from "../json/input-fields.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";

const EMPTY: Input = { arguments: "[]", metadata: "{}" };

/** Runs a function once, with arguments that are typed. */
export function RunDialog({ functionName, onClose }: { functionName: string; onClose: () => void }) {
  const [input, setInput] = useState(EMPTY);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  async function run() {
    const found = problemWith(input);
    setProblem(found);
    if (found !== undefined) return;
    setIsBusy(true);
    try {
      notifyRun(await enqueue(functionName, input), `${functionName} was enqueued.`);
      onClose();
      await refresh();
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setIsBusy(false);
    }
  }
  return (
    <Dialog title={`Run ${functionName} once`} onClose={onClose} isWide>
      <InputFields initial={EMPTY} onChange={(change) => setInput((current) => ({ ...current, ...change }))} />
      <p role="alert" className="min-h-5 pt-2 break-words text-bad">
        {problem}
      </p>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        <Button kind="primary" isBusy={isBusy} onClick={() => void run()}>
          Run
        </Button>
      </DialogActions>
    </Dialog>
  );
}
