import type { Change, ChangeKind } from "../../core/changes.ts";
import type { ErrorCode } from "../../core/execution.ts";

/** One letter for each kind: twenty changes of a plain record must not cost a second write unit. */
const letters: Record<ChangeKind, string> = {
  started: "s",
  retry: "r",
  rescheduled: "t",
  aborting: "k",
  succeed: "o",
  failed: "f",
  cancelled: "c",
  aborted: "a",
  discarded: "d",
};

const kinds = new Map(Object.entries(letters).map(([what, letter]) => [letter, what as ChangeKind]));

const ENCODED = /^([a-z])([0-9a-z]+)(?:>(-?[0-9a-z]+))?(?:!([A-Z0-9]+))?(?: (.*))?$/s;

/** Returns a change as text, as in `rmii0x5f7>mii0xsk7`. */
export function encodeChange({ atMs, what, forMs, errorCode, by }: Change): string {
  return [
    letters[what],
    atMs.toString(36),
    forMs === undefined ? "" : `>${forMs.toString(36)}`,
    errorCode === undefined ? "" : `!${errorCode}`,
    by === undefined ? "" : ` ${by}`,
  ].join("");
}

/** Reads what {@link encodeChange} made; `undefined` for anything else, which a function may have written. */
export function decodeChange(text: unknown): Change | undefined {
  const [, letter = "", at = "", due, errorCode, by] = ENCODED.exec(typeof text === "string" ? text : "") ?? [];
  const what = kinds.get(letter);
  if (what === undefined) return undefined;
  return {
    atMs: Number.parseInt(at, 36),
    what,
    ...(due !== undefined && { forMs: Number.parseInt(due, 36) }),
    ...(errorCode !== undefined && { errorCode: errorCode as ErrorCode }),
    ...(by !== undefined && { by }),
  };
}
