import { Ban, CalendarClock, RotateCcw, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { cancel, refresh, rerun, reschedule } from "../api/actions.ts";
import type { BulkAction, Execution } from "../api/types.ts";
import { actOnEach, type Failure } from "../parts/act-on-each.ts";
import { FailureList } from "../parts/failure-list.tsx";
import { RescheduleDialog } from "../parts/reschedule-dialog.tsx";
import { confirm } from "../shell/confirm.tsx";
import { Button } from "../ui/button.tsx";
import { notify } from "../ui/notices.tsx";

const words = {
  rerun: { title: "Run again", done: "run again" },
  cancel: { title: "Cancel", done: "cancelled" },
  reschedule: { title: "Reschedule", done: "rescheduled" },
} as const;

/**
 * Acts on the rows that are selected, a few at once: `POST /bulk` takes filters and no ids. Leaving the list stops it.
 * What was not acted on stays selected, with the reason.
 */
export function SelectionBar({
  selected,
  onDone,
  onClear,
}: {
  selected: readonly Execution[];
  /** Called with the ids of those that were acted on. */
  onDone: (ids: readonly string[]) => void;
  onClear: () => void;
}) {
  const [isRescheduling, setIsRescheduling] = useState(false);
  const [progress, setProgress] = useState<string>();
  const [failures, setFailures] = useState<readonly Failure[]>([]);
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

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
    if (isConfirmed) await actOnSelected(action, (id) => (action === "rerun" ? rerun(id) : cancel(id, false)));
  }

  async function actOnSelected(action: BulkAction, each: (id: string) => Promise<unknown>) {
    const controller = new AbortController();
    running.current = controller;
    const ids = selected.map(({ id }) => id);
    const onProgress = (worked: number) => setProgress(`${worked} of ${ids.length} …`);
    onProgress(0);
    setFailures([]);
    const outcome = await actOnEach(ids, each, { signal: controller.signal, onProgress });
    setProgress(undefined);
    setFailures(outcome.failures);
    if (outcome.done.length > 0) notify("good", `${outcome.done.length} ${words[action].done}.`);
    if (outcome.failures.length > 0) notify("bad", `${outcome.failures.length} could not be ${words[action].done}.`);
    if (outcome.left > 0) notify("bad", `Stopped: ${outcome.left} are left as they were.`);
    onDone(outcome.done);
    await refresh();
  }

  const isDisabled = progress !== undefined || selected.length === 0;
  return (
    <section
      aria-label="Selection"
      className="sticky bottom-18 z-20 mx-auto mt-3 flex w-fit max-w-[calc(100%-1rem)] flex-wrap items-center gap-2 rounded-xl border border-line bg-raised px-3 py-2 shadow-float md:bottom-4"
    >
      <span role="status" className="font-medium tabular">
        {progress ?? `${selected.length} selected`}
      </span>
      <span className="h-5 w-px bg-line" aria-hidden="true" />
      <Button disabled={isDisabled} onClick={() => void act("rerun")}>
        <RotateCcw className="size-4" aria-hidden="true" /> Run again
      </Button>
      <Button disabled={isDisabled} onClick={() => void act("reschedule")}>
        <CalendarClock className="size-4" aria-hidden="true" /> Reschedule
      </Button>
      <Button disabled={isDisabled} onClick={() => void act("cancel")}>
        <Ban className="size-4 text-bad" aria-hidden="true" /> Cancel
      </Button>
      {progress === undefined ? (
        <Button kind="quiet" aria-label="Clear the selection" onClick={onClear} className="px-2">
          <X className="size-4" aria-hidden="true" />
        </Button>
      ) : (
        <Button onClick={() => running.current?.abort()}>Stop</Button>
      )}
      {failures.length > 0 && <FailureList failures={failures} className="max-h-40 w-full overflow-y-auto text-sm" />}
      {isRescheduling && (
        <RescheduleDialog
          title={`Reschedule ${selected.length}`}
          onClose={() => setIsRescheduling(false)}
          onChoose={async (at) => void actOnSelected("reschedule", (id) => reschedule(id, at))}
        />
      )}
    </section>
  );
}
