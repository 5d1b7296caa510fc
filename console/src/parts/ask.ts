import { cancel, refresh, rerun } from "../api/actions.ts";
import type { Execution } from "../api/types.ts";
import { confirm } from "../shell/confirm.tsx";
import { notify, notifyError } from "../ui/notices.tsx";

/** Asks, then runs an execution again. */
export async function askRerun({ id, function_name }: Execution): Promise<void> {
  const isConfirmed = await confirm({
    title: `Run ${function_name} again?`,
    text: "A new execution with the same arguments and metadata starts now. This one stays as it is.",
    action: "Run again",
  });
  if (!isConfirmed) return;
  await rerun(id).then((execution) => notifyRun(execution), notifyError);
  await refresh();
}

/** Says that something has begun to run, and leads to it. */
export function notifyRun({ id }: Execution, text = "It runs again."): void {
  notify("good", text, { label: "Show", href: `/console/executions/${id}` });
}

/** Asks, then cancels what waits or aborts what runs. */
export async function askCancel({ id, state, function_name }: Execution): Promise<void> {
  const isRunning = state === "started";
  if (!isRunning && state !== "created") return notify("bad", "Only what waits or runs can be cancelled.");
  const isConfirmed = await confirm({
    title: isRunning ? `Abort ${function_name}?` : `Cancel ${function_name}?`,
    text: isRunning
      ? "The running process is ended. What it has done so far stays done."
      : "It will not run. A re-run is possible at any time.",
    action: isRunning ? "Abort it" : "Cancel it",
    isDangerous: true,
  });
  if (!isConfirmed) return;
  await cancel(id, isRunning).then(
    () => notify("good", isRunning ? "It is being aborted." : "Cancelled."),
    notifyError,
  );
  await refresh();
}
