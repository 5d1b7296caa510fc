import { classes } from "../ui/classes.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import type { Frame, ThrownError } from "./stack.ts";

/** An error: its message, the lines of the user's own code, then the rest, and what caused it. */
export function ErrorView({ error, stack }: { error: ThrownError; stack: string }) {
  const own = error.frames.filter(({ isOwn }) => isOwn);
  const other = error.frames.filter(({ isOwn }) => !isOwn);
  return (
    <div className="relative space-y-4 px-4 py-4">
      <CopyButton text={stack} label="Copy the error" className="absolute top-2 right-2" />
      <div className="border-l-2 border-bad pr-10 pl-3">
        <p className="font-semibold break-words text-bad">{error.name || "Error"}</p>
        <p className="mt-0.5 break-words whitespace-pre-wrap">{error.message}</p>
      </div>
      <Frames frames={own} label="Your code" isStrong />
      {other.length > 0 && (
        <details>
          <summary className="w-fit rounded text-muted hover:text-text">
            {other.length} {other.length === 1 ? "line" : "lines"} of Node and packages
          </summary>
          <Frames frames={other} label="Node and packages" />
        </details>
      )}
      {error.cause !== undefined && (
        <section aria-label="Cause">
          <p className="mb-1 text-xs font-medium text-muted">Caused by</p>
          <ErrorCause error={error.cause} />
        </section>
      )}
    </div>
  );
}

function ErrorCause({ error }: { error: ThrownError }) {
  return (
    <div className="space-y-2 border-l-2 border-strong-line pl-3">
      <p className="break-words">
        <span className="font-semibold">{error.name || "Error"}</span>{" "}
        <span className="whitespace-pre-wrap">{error.message}</span>
      </p>
      <Frames frames={error.frames.filter(({ isOwn }) => isOwn)} label="Lines of the cause" />
      {error.cause !== undefined && <ErrorCause error={error.cause} />}
    </div>
  );
}

function Frames({ frames, label, isStrong = false }: { frames: readonly Frame[]; label: string; isStrong?: boolean }) {
  if (frames.length === 0) return null;
  return (
    <ol aria-label={label} className="mt-1 space-y-0.5 font-mono text-[13px] leading-6">
      {frames.map(({ text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a stack may name a line twice
        <li key={index} className={classes("break-all", !isStrong && "text-muted")}>
          {text}
        </li>
      ))}
    </ol>
  );
}
