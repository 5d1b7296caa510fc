import type { Pauses } from "../../lambdas/core/ports.ts";

/** `pauses`, whose answers are as old as `ageMs` says, but never older than the caller allows. */
export function agingPauses(pauses: Pauses, now: () => number, ageMs: (maxAgeMs: number) => number): Pauses {
  const changes = new Map<string, { atMs: number; isPaused: boolean }[]>();
  const note = (id: string, isPaused: boolean) =>
    changes.set(id, [...(changes.get(id) ?? []), { atMs: now(), isPaused }]);
  return {
    async isPaused(id, maxAgeMs) {
      const known = changes.get(id);
      if (known === undefined) return false;
      const atMs = now() - ageMs(maxAgeMs);
      return known.findLast((it) => it.atMs <= atMs)?.isPaused ?? false;
    },
    get: (id) => pauses.get(id),
    async pause(id, by) {
      await pauses.pause(id, by);
      note(id, true);
    },
    async resume(id) {
      await pauses.resume(id);
      note(id, false);
    },
  };
}
