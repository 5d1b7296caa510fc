import type { ReactNode } from "react";
import { useEffect } from "react";
import { classes } from "./classes.ts";

/** A screen's title, in the page and in the browser's tab, with what can be done on it. */
export function ScreenHeader({
  title,
  subtitle,
  children,
}: {
  title: string;
  subtitle?: ReactNode;
  children?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} · Epoque`;
  }, [title]);
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-4 pb-3 md:px-6 md:pt-5">
      <div className={classes("min-w-0 flex-1", subtitle !== undefined && "max-sm:basis-full")}>
        <h1 className="text-lg font-semibold tracking-tight">{title}</h1>
        {subtitle !== undefined && <p className="text-muted">{subtitle}</p>}
      </div>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
    </header>
  );
}
