import { type FormEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";
import { Field, inputClass } from "../ui/field.tsx";

/** Asks for a new time; `onChoose` acts on it. */
export function RescheduleDialog({
  title,
  onChoose,
  onClose,
}: {
  title: string;
  onChoose: (at: Date) => Promise<void>;
  onClose: () => void;
}) {
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);
  async function choose(at: Date) {
    setIsBusy(true);
    setProblem(undefined);
    try {
      await onChoose(at);
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setIsBusy(false);
    }
  }
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    void choose(new Date(String(new FormData(event.currentTarget).get("at"))));
  }
  const inMinutes = (minutes: number) => void choose(new Date(Date.now() + minutes * 60_000));
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="flex flex-wrap gap-2 pt-1">
        <Button kind="primary" disabled={isBusy} onClick={() => inMinutes(0)}>
          Now
        </Button>
        <Button disabled={isBusy} onClick={() => inMinutes(10)}>
          In 10 minutes
        </Button>
        <Button disabled={isBusy} onClick={() => inMinutes(60)}>
          In an hour
        </Button>
        <Button disabled={isBusy} onClick={() => inMinutes(24 * 60)}>
          In a day
        </Button>
      </div>
      <form onSubmit={submit} className="mt-4">
        <Field label="At" hint={`In your zone, ${Intl.DateTimeFormat().resolvedOptions().timeZone}.`}>
          <input
            name="at"
            type="datetime-local"
            step={1}
            required
            defaultValue={localText(new Date(Date.now() + 3_600_000))}
            className={inputClass}
          />
        </Field>
        <p role="alert" className="min-h-5 pt-2 break-words text-bad">
          {problem}
        </p>
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" isBusy={isBusy}>
            Reschedule
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** A moment in the form that `datetime-local` takes. */
function localText(at: Date): string {
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
