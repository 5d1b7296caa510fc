import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { dryRunQuery, startJob } from "../api/bulk.ts";
import type { ApiFilters, BulkAction } from "../api/types.ts";
import { Button } from "../ui/button.tsx";
import { Checkbox } from "../ui/checkbox.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";
import { Field, inputClass } from "../ui/field.tsx";
import { actionWords } from "./bulk-actions.ts";
import { countOf, countText, mayMatch, paceText } from "./count-text.ts";
import { meetsText, narrowed } from "./meets.ts";

const PACE = 20;

/** Counts what filters match, asks for a pace, and starts a job. */
export function BulkDialog({
  action,
  filters,
  title = `${actionWords[action].verb}: all that match`,
  nothing = action === "rerun" ? "Nothing matches." : "Nothing that matches waits.",
  children,
  onClose,
}: {
  action: BulkAction;
  filters: ApiFilters;
  title?: string;
  /** Shown when nothing matches. */
  nothing?: string;
  /** Stands before the pace. */
  children?: ReactNode;
  onClose: () => void;
}) {
  const [isForced, setIsForced] = useState(false);
  const met = narrowed(action, filters, isForced);
  const counted = useQuery({ ...dryRunQuery({ action, filters: met ?? filters }), enabled: met !== undefined });
  const hasMatches = met !== undefined && counted.data !== undefined && mayMatch(counted.data);
  const navigate = useNavigate();
  const [perSecond, setPerSecond] = useState(PACE);
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  const { verb } = actionWords[action];
  const submit = useRef<HTMLButtonElement>(null);
  // Enter starts it, once there is something to start.
  useEffect(() => {
    const isChoosing = document.activeElement instanceof HTMLInputElement;
    if (counted.data !== undefined && !isChoosing) submit.current?.focus();
  }, [counted.data]);
  async function start(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    if (met === undefined) return;
    // A job whose executions are not all counted shows no share of them.
    const expected = counted.data?.matched_is_lower_bound === true ? undefined : counted.data?.matched;
    const at = new FormData(event.currentTarget).get("at");
    setIsBusy(true);
    setProblem(undefined);
    try {
      const { id } = await startJob({
        action,
        filters: met,
        per_second: perSecond,
        ...(isForced && { force: true }),
        ...(typeof at === "string" && at !== "" && { schedule_for: new Date(at).toISOString() }),
      });
      onClose();
      await navigate({ to: "/bulk", search: { job: id, ...(expected !== undefined && { of: String(expected) }) } });
    } catch (error) {
      setProblem((error as Error).message);
      setIsBusy(false);
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form onSubmit={(event) => void start(event)}>
        <p role="status" className="pb-3">
          {met === undefined
            ? nothing
            : counted.isPending
              ? "Counting …"
              : counted.isError
                ? counted.error.message
                : hasMatches
                  ? countText(counted.data, met, meetsText(action, counted.data.matched, isForced))
                  : nothing}
        </p>
        {children}
        {action === "cancel" && (
          <Checkbox isChecked={isForced} onChange={setIsForced} className="mb-3">
            Abort what runs, too
          </Checkbox>
        )}
        {hasMatches && (
          <div className="flex flex-col gap-3">
            <Field label="Executions per second, at most" hint={paceText(action, counted.data, perSecond)}>
              <input
                type="number"
                min={1}
                max={1_000}
                required
                value={perSecond}
                onChange={(event) => setPerSecond(event.target.valueAsNumber)}
                className={inputClass}
              />
            </Field>
            {action === "reschedule" && (
              <Field label="At" hint="In your zone. Left empty: now.">
                <input type="datetime-local" name="at" step={1} className={inputClass} />
              </Field>
            )}
          </div>
        )}
        <p role="alert" className="min-h-5 pt-2 break-words text-bad">
          {problem}
        </p>
        <DialogActions>
          <Button onClick={onClose}>Keep as it is</Button>
          <Button
            ref={submit}
            type="submit"
            kind={action === "cancel" ? "danger" : "primary"}
            isBusy={isBusy}
            disabled={!hasMatches}
          >
            {hasMatches && counted.data.matched > 0 ? `${verb}: ${countOf(counted.data)}` : verb}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
