import { Link } from "@tanstack/react-router";
import type { Failure } from "./act-on-each.ts";

/** Executions that could not be acted on, each with a link and the reason. */
export function FailureList({ failures, className }: { failures: readonly Failure[]; className: string }) {
  return (
    <ul aria-label="Failures" className={className}>
      {failures.map(({ id, message }) => (
        <li key={id} className="break-words">
          <Link to="/executions/$id" params={{ id }} className="font-mono text-xs text-accent-text underline">
            {id.slice(-6)}
          </Link>{" "}
          {message}
        </li>
      ))}
    </ul>
  );
}
