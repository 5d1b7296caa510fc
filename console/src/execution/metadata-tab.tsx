import { Link } from "@tanstack/react-router";
import type { Execution } from "../api/types.ts";
import { METADATA } from "../parts/filters.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { Empty } from "../ui/empty.tsx";

/** The metadata; each pair leads to all executions that have it. */
export function MetadataTab({ metadata }: { metadata: Execution["metadata"] }) {
  const pairs = Object.entries(metadata);
  if (pairs.length === 0) {
    return <Empty title="No metadata">Whoever enqueues can add pairs of texts, to find executions by.</Empty>;
  }
  return (
    <dl className="divide-y divide-line">
      {pairs.map(([key, value]) => (
        <div
          key={key}
          className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 px-4 py-2 sm:grid-cols-[12rem_minmax(0,1fr)_auto]"
        >
          <dt className="truncate text-muted max-sm:col-span-2" title={key}>
            {key}
          </dt>
          <dd className="min-w-0 break-words">
            <Link
              to="/executions"
              search={{ [METADATA + key]: value }}
              className="hover:text-accent-text hover:underline"
            >
              {value}
            </Link>
          </dd>
          <CopyButton text={value} label={`Copy ${key}`} />
        </div>
      ))}
    </dl>
  );
}
