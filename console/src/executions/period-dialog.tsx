import type { FormEvent } from "react";
import { times } from "../parts/filters.ts";
import type { TextSearch } from "../state/text-search.ts";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";
import { Field, inputClass } from "../ui/field.tsx";

/** Asks for a time of an execution, and from when to when it was. */
export default function PeriodDialog({
  onChoose,
  onClose,
}: {
  onChoose: (prefix: string, period: TextSearch) => void;
  onClose: () => void;
}) {
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const moment = (name: string) => {
      const text = String(form.get(name) ?? "");
      return text === "" ? {} : { [name]: new Date(text).toISOString() };
    };
    onChoose(String(form.get("time")), { ...moment("from"), ...moment("to") });
    onClose();
  }
  return (
    <Dialog title="Filter by time" onClose={onClose}>
      <form onSubmit={submit} className="flex flex-col gap-3 pt-1">
        <Field label="Executions that were">
          <select name="time" data-autofocus className={inputClass}>
            {times.map(({ prefix, label }) => (
              <option key={label} value={prefix}>
                {label.toLowerCase()}
              </option>
            ))}
          </select>
        </Field>
        <Field label="From">
          <input name="from" type="datetime-local" step={1} className={inputClass} />
        </Field>
        <Field
          label="Until"
          hint={`In your zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}. Either may be empty.`}
        >
          <input name="to" type="datetime-local" step={1} className={inputClass} />
        </Field>
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" type="submit">
            Filter
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
