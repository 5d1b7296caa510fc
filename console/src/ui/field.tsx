import type { ReactNode } from "react";
import { classes } from "./classes.ts";

export const inputClass = classes(
  "h-8 w-full min-w-0 rounded-lg border border-strong-line bg-surface px-2.5 shadow-card",
  "placeholder:text-muted disabled:opacity-60",
);

/** A labelled input. */
export function Field({ label, hint, children }: { label: string; hint?: ReactNode; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the control is the child
    <label className="block">
      <span className="mb-1 block font-medium">{label}</span>
      {children}
      {hint !== undefined && <span className="mt-1 block text-xs text-muted">{hint}</span>}
    </label>
  );
}
