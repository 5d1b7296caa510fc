import { LoaderCircle } from "lucide-react";
import type { ComponentProps } from "react";
import { classes } from "./classes.ts";

const kinds = {
  primary: "bg-accent text-on-accent shadow-card hover:brightness-110",
  danger: "bg-bad-solid text-on-accent shadow-card hover:brightness-110",
  plain: "border border-strong-line bg-surface shadow-card hover:bg-sunken",
  quiet: "text-muted hover:bg-sunken hover:text-text",
};

export interface ButtonProps extends ComponentProps<"button"> {
  kind?: keyof typeof kinds;
  isBusy?: boolean;
}

export function buttonClass(kind: keyof typeof kinds = "plain"): string {
  return classes(
    "inline-flex h-8 shrink-0 items-center justify-center gap-1.5 rounded-lg px-3 font-medium whitespace-nowrap",
    "transition-[background-color,filter] disabled:pointer-events-none disabled:opacity-50",
    kinds[kind],
  );
}

/** A button; while busy it cannot be pressed again. */
export function Button({ kind = "plain", isBusy = false, className, children, disabled, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled === true || isBusy}
      className={classes(buttonClass(kind), className)}
    >
      {isBusy && <LoaderCircle className="size-4 motion-safe:animate-spin" aria-hidden="true" />}
      {children}
    </button>
  );
}
