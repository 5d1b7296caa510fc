import { useState } from "react";
import { type Input, refresh } from "../api/actions.ts";
import { Button } from "../ui/button.tsx";
import { DialogActions } from "../ui/dialog.tsx";
import { InputFields, problemWith } from "./input-fields.tsx";

/** A dialog's form for arguments and metadata: `run` gets them once they are JSON; what it throws is shown. */
export function InputForm({
  initial,
  action,
  run,
  onClose,
}: {
  initial: Input;
  /** The word on the button. */
  action: string;
  run: (input: Input) => Promise<void>;
  onClose: () => void;
}) {
  const [input, setInput] = useState(initial);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  async function submit() {
    const found = problemWith(input);
    setProblem(found);
    if (found !== undefined) return;
    setIsBusy(true);
    try {
      await run(input);
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
      <InputFields initial={initial} onChange={(change) => setInput((current) => ({ ...current, ...change }))} />
      <p role="alert" className="min-h-5 pt-2 break-words text-bad">
        {problem}
      </p>
      <DialogActions>
        <Button onClick={onClose}>Close</Button>
        <Button kind="primary" isBusy={isBusy} onClick={() => void submit()}>
          {action}
        </Button>
      </DialogActions>
    </>
  );
}
