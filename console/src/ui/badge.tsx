import type { ReactNode } from "react";
import { classes } from "./classes.ts";

const looks = {
  good: "bg-good-soft text-good",
  bad: "bg-bad-soft text-bad",
  busy: "bg-busy-soft text-busy",
  wait: "bg-wait-soft text-wait",
  idle: "bg-idle-soft text-idle",
};

/** A word that marks something. */
export function Badge({ look, children }: { look: keyof typeof looks; children: ReactNode }) {
  return (
    <span
      className={classes("inline-flex h-6 shrink-0 items-center rounded-full px-2.5 text-xs font-medium", looks[look])}
    >
      {children}
    </span>
  );
}
