import type { FormEvent } from "react";
import { Button } from "../ui/button.tsx";
import { Dialog, DialogActions } from "../ui/dialog.tsx";
import { Field, inputClass } from "../ui/field.tsx";
import { savedViews } from "./views.ts";

/** Asks for the name under which filters are saved in this browser. */
export function SaveViewDialog({ search, onClose }: { search: string; onClose: () => void }) {
  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name")).trim();
    savedViews.set([...savedViews.get().filter((view) => view.name !== name), { name, search }]);
    onClose();
  }
  return (
    <Dialog title="Save these filters" onClose={onClose}>
      <form onSubmit={save}>
        <Field label="Name" hint="Only you see it, in this browser. The page's address shows others the same.">
          <input name="name" required maxLength={80} data-autofocus className={inputClass} />
        </Field>
        <DialogActions>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit">
            Save
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
