import { Check, Copy } from "lucide-react";
import { useState } from "react";
import { classes } from "./classes.ts";
import { notifyError } from "./notices.tsx";

/** Copies a text, and says that it did. */
export function CopyButton({ text, label, className }: { text: string; label: string; className?: string }) {
  const [isCopied, setIsCopied] = useState(false);
  async function copy() {
    await navigator.clipboard.writeText(text);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), 1_500);
  }
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={() => void copy().catch(notifyError)}
      className={classes(
        "inline-grid size-7 place-items-center rounded-md text-muted hover:bg-sunken hover:text-text",
        className,
      )}
    >
      {isCopied ? (
        <Check className="size-3.5 text-good" aria-hidden="true" />
      ) : (
        <Copy className="size-3.5" aria-hidden="true" />
      )}
      <span role="status" className="sr-only">
        {isCopied ? "Copied" : ""}
      </span>
    </button>
  );
}
