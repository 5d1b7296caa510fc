"use client";

import { useState, useTransition } from "react";
import { type ActionResult, cancelImport, postponeImport, rerunImport, runImportNow } from "@/app/actions";
import type { State } from "@/lib/imports";

interface Action {
  label: string;
  run: (id: string) => Promise<ActionResult>;
}

const WHILE_WAITING: Action[] = [
  { label: "Run now", run: runImportNow },
  { label: "Postpone by an hour", run: postponeImport },
  { label: "Cancel import", run: cancelImport },
];
const ALWAYS: Action[] = [{ label: "Run again", run: rerunImport }];

export function ImportActions({ id, state }: { id: string; state: State }) {
  const [error, setError] = useState<string>();
  const [isBusy, startTransition] = useTransition();
  const act = (run: Action["run"]) => startTransition(async () => setError((await run(id))?.error));
  return (
    <div className="buttons">
      {(state === "created" ? WHILE_WAITING : ALWAYS).map(({ label, run }) => (
        <button key={label} type="button" disabled={isBusy} onClick={() => act(run)}>
          {label}
        </button>
      ))}
      {error && (
        <p role="alert" className="error">
          {error}
        </p>
      )}
    </div>
  );
}
