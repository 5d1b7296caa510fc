import { Download } from "lucide-react";
import { useMemo, useState } from "react";
import { Button } from "../ui/button.tsx";
import { classes } from "../ui/classes.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { download } from "../ui/download.ts";
import { formatJson, layOut, type Token } from "./tokens.ts";

const colors: Readonly<Record<Token["kind"], string>> = {
  key: "text-accent-text",
  string: "text-good",
  number: "text-busy",
  word: "text-wait",
  punctuation: "text-muted",
};

/** More lines than anybody reads at once. */
const FIRST_LINES = 1_000;

/** A JSON text, laid out; to copy and to keep. */
export function JsonView({ text, name }: { text: string; name: string }) {
  const lines = useMemo(() => layOut(text), [text]);
  const [isAll, setIsAll] = useState(false);
  const shown = isAll ? lines : lines.slice(0, FIRST_LINES);
  return (
    <div className="group relative">
      <div className="absolute top-2 right-2 flex rounded-lg border border-line bg-surface">
        <CopyButton text={formatJson(text)} label={`Copy ${name}`} />
        <button
          type="button"
          aria-label={`Download ${name}`}
          title={`Download ${name}`}
          onClick={() => download(`${name}.json`, text, "application/json")}
          className="inline-grid size-7 place-items-center rounded-md text-muted hover:bg-sunken hover:text-text"
        >
          <Download className="size-3.5" aria-hidden="true" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <pre tabIndex={0} className="overflow-x-auto px-4 py-3 pr-20 font-mono text-[13px] leading-6">
        {shown.map(({ depth, tokens }, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: lines have nothing else that tells them apart
            key={index}
            className="break-all whitespace-pre-wrap"
            style={{ paddingLeft: `${Math.max(depth, 0) * 1.25}rem` }}
          >
            {tokens.map((token, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: nor have tokens
              <span key={at} className={classes(colors[token.kind])}>
                {token.text}
                {token.text === ":" && " "}
              </span>
            ))}
          </div>
        ))}
      </pre>
      {shown.length < lines.length && (
        <div className="px-4 pb-4">
          <Button onClick={() => setIsAll(true)}>Show all {lines.length.toLocaleString()} lines</Button>
        </div>
      )}
    </div>
  );
}
