import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { Input } from "../api/actions.ts";
import { functionsQuery } from "../api/functions.ts";
import { putSchedule } from "../api/schedules.ts";
import type { ApiSchedule } from "../api/types.ts";
import { InputFields, problemWith } from "../json/input-fields.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";
import { Field, inputClass } from "../ui/field.tsx";
import { notify } from "../ui/notices.tsx";

/** Makes a schedule, or changes one. */
export function ScheduleDialog({ schedule, onClose }: { schedule?: ApiSchedule; onClose: () => void }) {
  const functions = useQuery(functionsQuery);
  // Its own is always there, also before the others are known, and when it is no longer deployed: saving keeps it.
  const names = new Set([
    ...(schedule === undefined ? [] : [schedule.function_name]),
    ...(functions.data ?? []).map(({ name }) => name),
  ]);
  const initial: Input = {
    // As it was answered: the API takes no number that would change, and writes all as JSON.stringify does.
    arguments: JSON.stringify(schedule?.function_arguments ?? [], null, 2),
    metadata: JSON.stringify(schedule?.metadata ?? {}, null, 2),
  };
  const [input, setInput] = useState(initial);
  const [kind, setKind] = useState(schedule?.every_seconds === undefined ? "cron" : "every");
  const [problem, setProblem] = useState<string>();
  const [isBusy, setIsBusy] = useState(false);

  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(event.currentTarget)) as Record<string, string>;
    const found = problemWith(input);
    setProblem(found);
    if (found !== undefined) return;
    setIsBusy(true);
    try {
      const name = schedule?.name ?? fields["name"] ?? "";
      await putSchedule(name, bodyOf(fields, input, schedule));
      notify("good", schedule === undefined ? `${name} is made.` : `${name} is changed.`);
      onClose();
    } catch (error) {
      setProblem((error as Error).message);
    } finally {
      setIsBusy(false);
    }
  }

  return (
    <Dialog title={schedule === undefined ? "New schedule" : `Edit ${schedule.name}`} onClose={onClose} isWide>
      <form onSubmit={(event) => void save(event)} className="space-y-4 pt-1">
        <div className="grid gap-4 sm:grid-cols-2">
          {schedule === undefined && (
            <Field label="Name">
              <input name="name" required spellCheck={false} data-autofocus className={inputClass} />
            </Field>
          )}
          <Field label="Function">
            <select name="function" required defaultValue={schedule?.function_name} className={inputClass}>
              {[...names].map((name) => (
                <option key={name}>{name}</option>
              ))}
            </select>
          </Field>
          <Field label="Ticks">
            <select name="kind" value={kind} onChange={(event) => setKind(event.target.value)} className={inputClass}>
              <option value="cron">at times of a zone (cron)</option>
              <option value="every">in equal steps</option>
            </select>
          </Field>
          {kind === "cron" ? (
            <>
              <Field label="Cron" hint="Minute, hour, day, month, weekday; six fields begin with seconds.">
                <input
                  name="cron"
                  required
                  defaultValue={schedule?.cron ?? "0 9 * * 1-5"}
                  spellCheck={false}
                  className={`${inputClass} font-mono`}
                />
              </Field>
              <Field label="Time zone">
                <input
                  name="timezone"
                  required
                  list="time-zones"
                  defaultValue={schedule?.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone}
                  spellCheck={false}
                  className={inputClass}
                />
              </Field>
              <datalist id="time-zones">
                {Intl.supportedValuesOf("timeZone").map((zone) => (
                  <option key={zone} value={zone} />
                ))}
              </datalist>
            </>
          ) : (
            <Field label="Seconds between ticks">
              <input
                name="every"
                type="number"
                min={1}
                required
                defaultValue={schedule?.every_seconds ?? 3600}
                className={inputClass}
              />
            </Field>
          )}
          <Field label="While one runs">
            <select name="overlap" defaultValue={schedule?.overlap ?? "allow"} className={inputClass}>
              <option value="allow">the next one runs beside it</option>
              <option value="skip">the next one is left out</option>
              <option value="cancel">it is cancelled for the next one</option>
            </select>
          </Field>
          <Field label="After an outage">
            <select name="catch_up" defaultValue={schedule?.catch_up ?? "latest"} className={inputClass}>
              <option value="latest">the latest missed tick runs</option>
              <option value="all">all missed ticks run</option>
              <option value="none">no missed tick runs</option>
            </select>
          </Field>
        </div>
        <InputFields initial={initial} onChange={(change) => setInput((current) => ({ ...current, ...change }))} />
        <p role="alert" className="min-h-5 break-words text-bad">
          {problem}
        </p>
        <DialogActions>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" type="submit" isBusy={isBusy}>
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

/** The body as JSON: what the form has no field for stays as it was. */
function bodyOf(fields: Record<string, string>, input: Input, schedule: ApiSchedule | undefined): string {
  const kept = ["anchor", "starts_at", "ends_at", "jitter_seconds"] as const;
  const rest = {
    function_name: fields["function"],
    ...(fields["kind"] === "cron"
      ? { cron: fields["cron"], timezone: fields["timezone"] }
      : { every_seconds: Number(fields["every"]) }),
    overlap: fields["overlap"],
    catch_up: fields["catch_up"],
    ...Object.fromEntries(
      kept
        .filter((name) => schedule?.[name] !== undefined && (name !== "anchor" || fields["kind"] === "every"))
        .map((name) => [name, schedule?.[name]]),
    ),
  };
  return `{${JSON.stringify(rest).slice(1, -1)},"function_arguments":${input.arguments},"metadata":${input.metadata}}`;
}
