import { formatDistance } from "./duration.ts";
import { useNow } from "./now.ts";

/** A moment by its distance from now; its title says it exactly. */
export function Time({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={exactly(at)} className={className}>
      {formatDistance(Date.parse(at), now)}
    </time>
  );
}

/** A moment exactly, in the reader's zone. */
export function ExactTime({ at, className }: { at: string; className?: string }) {
  return (
    <time dateTime={at} title={at} className={className}>
      {exactly(at)}
    </time>
  );
}

const format = new Intl.DateTimeFormat(undefined, {
  year: "numeric",
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  fractionalSecondDigits: 3,
});

function exactly(at: string): string {
  return format.format(Date.parse(at));
}
