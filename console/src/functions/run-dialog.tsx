import { enqueue, type Input } from "../api/actions.ts";
import { InputForm } from "../json/input-form.tsx";
import { notifyRun } from "../parts/ask.ts";
import { Dialog } from "../ui/dialog.tsx";

const EMPTY: Input = { arguments: "[]", metadata: "{}" };

/** Runs a function once, with arguments that are typed. */
export function RunDialog({ functionName, onClose }: { functionName: string; onClose: () => void }) {
  return (
    <Dialog title={`Run ${functionName} once`} onClose={onClose} isWide>
      <InputForm
        initial={EMPTY}
        action="Run"
        run={async (input) => notifyRun(await enqueue(functionName, input), `${functionName} was enqueued.`)}
        onClose={onClose}
      />
    </Dialog>
  );
}
