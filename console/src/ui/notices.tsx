import { CircleAlert, CircleCheck, X } from "lucide-react";
import { createStore, useStore } from "../state/store.ts";
import { classes } from "./classes.ts";

interface Notice {
  id: number;
  kind: "good" | "bad";
  text: string;
  link?: { label: string; href: string };
}

const notices = createStore<readonly Notice[]>([]);
let lastId = 0;

/** Says at the edge of the screen what has happened. Good news goes away by itself. */
export function notify(kind: Notice["kind"], text: string, link?: Notice["link"]): void {
  lastId += 1;
  const notice = { id: lastId, kind, text, ...(link && { link }) };
  notices.set([...notices.get().slice(-3), notice]);
  setTimeout(() => dismiss(notice.id), kind === "good" ? 6_000 : 20_000);
}

/** Tells of an error that an action ended with. */
export function notifyError(error: unknown): void {
  notify("bad", error instanceof Error ? error.message : String(error));
}

function dismiss(id: number): void {
  notices.set(notices.get().filter((notice) => notice.id !== id));
}

export function Notices() {
  const current = useStore(notices);
  return (
    <div
      role="status"
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 bottom-20 z-50 flex flex-col items-center gap-2 px-4 md:bottom-6"
    >
      {current.map(({ id, kind, text, link }) => (
        <div
          key={id}
          className="pointer-events-auto flex max-w-lg items-start gap-2.5 rounded-xl border border-line bg-raised px-3.5 py-2.5 shadow-float"
        >
          {kind === "good" ? (
            <CircleCheck className="mt-0.5 size-4 shrink-0 text-good" aria-hidden="true" />
          ) : (
            <CircleAlert className="mt-0.5 size-4 shrink-0 text-bad" aria-hidden="true" />
          )}
          <span className="min-w-0 break-words">
            {text}
            {link && (
              <a href={link.href} className={classes("ml-2 font-medium text-accent-text underline")}>
                {link.label}
              </a>
            )}
          </span>
          <button
            type="button"
            aria-label="Dismiss"
            onClick={() => dismiss(id)}
            className="-mr-1 rounded p-0.5 text-muted hover:text-text"
          >
            <X className="size-4" aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
