import { Ban, CalendarClock, RotateCcw, X } from "lucide-react";
import { useState } from "react";
import { cancel, refresh, rerun, reschedule } from "../api/actions.ts";
import type { BulkAction } from "../api/bulk.ts";
import type { Execution } from "../api/types.ts";
import { confirm } from "../shell/confirm.tsx";
import { notify } from "../shell/notices.tsx";
import { Button } from "../ui/button.tsx";
import { RescheduleDialog } from "./reschedule-dialog.tsx";

const words = {
  rerun: { title: "Run again", done: "run again" },
  cancel: { title: "Cancel", done: "cancelled" },
  reschedule: { title: "Reschedule", done: "rescheduled" },
} as const;

/** Acts on the rows that are selected, one after the other. */
export function SelectionBar({ selected, onClear }: { selected: readonly Execution[]; onClear: () => void }) {
  const [isRescheduling, setIsRescheduling] = useState(false);
  const [progress, setProgress] = useState<string>();

  async function act(action: BulkAction) {
    if (action === "reschedule") return setIsRescheduling(true);
    const count = `${selected.length} ${selected.length === 1 ? "execution" : "executions"}`;
    const isConfirmed = await confirm({
      title: `${words[action].title}: ${count}?`,
      text:
        action === "rerun"
          ? "New executions with the same arguments and metadata start now. These stay as they are."
          : "What waits will not run. What runs already goes on; what has ended stays as it is.",
      action: `${words[action].title} ${selected.length}`,
      isDangerous: action === "cancel",
    });
    if (isConfirmed) await actOnEach(action, (id) => (action === "rerun" ? rerun(id) : cancel(id, false)));
  }

  async function actOnEach(action: BulkAction, each: (id: string) => Promise<unknown>) {
    const problems: string[] = [];
    for (const [index, { id }] of selected.entries()) {
      setProgress(`${index + 1} of ${selected.length} …`);
      await each(id).catch((error: Error) => problems.push(error.message));
    }
    setProgress(undefined);
    const done = selected.length - problems.length;
    if (done > 0) notify("good", `${done} ${words[action].done}.`);
    if (problems.length > 0) notify("bad", `${problems.length} not: ${problems[0]}`);
    await refresh();
    onClear();
  }

  return (
    <section
      aria-label="Selection"
      className="sticky bottom-18 z-20 mx-auto mt-3 flex w-fit max-w-[calc(100%-1rem)] flex-wrap items-center gap-2 rounded-xl border border-line bg-raised px-3 py-2 shadow-float md:bottom-4"
    >
      <span role="status" className="font-medium tabular">
        {progress ?? `${selected.length} selected`}
      </span>
      <span className="h-5 w-px bg-line" aria-hidden="true" />
      <Button disabled={progress !== undefined} onClick={() => void act("rerun")}>
        <RotateCcw className="size-4" aria-hidden="true" /> Run again
      </Button>
      <Button disabled={progress !== undefined} onClick={() => void act("reschedule")}>
        <CalendarClock className="size-4" aria-hidden="true" /> Reschedule
      </Button>
      <Button disabled={progress !== undefined} onClick={() => void act("cancel")}>
        <Ban className="size-4 text-bad" aria-hidden="true" /> Cancel
      </Button>
      <Button kind="quiet" aria-label="Clear the selection" onClick={onClear} className="px-2">
        <X className="size-4" aria-hidden="true" />
      </Button>
      {isRescheduling && (
        <RescheduleDialog
          title={`Reschedule ${selected.length}`}
          onClose={() => setIsRescheduling(false)}
          onChoose={(at) => actOnEach("reschedule", (id) => reschedule(id, at))}
        />
      )}
    </section>
  );
}
