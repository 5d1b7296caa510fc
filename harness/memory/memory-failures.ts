import { type CountedFailure, type FailureBucket, hourOf, type Resolution } from "../../lambdas/core/failures/group.ts";
import { shardOf } from "../../lambdas/core/ids.ts";
import type { FailureCounter, FailureGroups } from "../../lambdas/core/ports.ts";

/** Counted failures, whose lists are never late here. */
export function memoryFailures(shards = 4): FailureCounter & FailureGroups & { counted: CountedFailure[] } {
  const counted: CountedFailure[] = [];
  const resolutions = new Map<string, Resolution>();
  return {
    counted,
    shards,
    async count(failure) {
      counted.push(failure);
    },
    async seenIn(hour) {
      return [...new Set(counted.filter((it) => hourOf(it.atMs) === hour).map(({ fingerprint }) => fingerprint))];
    },
    async buckets(fingerprint) {
      const own = counted.filter((it) => it.fingerprint === fingerprint);
      const groups = Map.groupBy(own, ({ atMs, executionId }) => `${hourOf(atMs)}#${shardOf(executionId, shards)}`);
      return [...groups.values()].map((same): FailureBucket => {
        const last = same.at(-1) as CountedFailure;
        const { functionName, errorName, message, executionId: sample, atMs: lastAtMs } = last;
        const firstAtMs = same[0]?.atMs ?? lastAtMs;
        return {
          functionName,
          errorName,
          message,
          sample,
          firstAtMs,
          lastAtMs,
          hour: hourOf(lastAtMs),
          count: same.length,
        };
      });
    },
    async resolution(fingerprint) {
      return resolutions.get(fingerprint);
    },
    async resolve(fingerprint, resolution) {
      if (resolution === undefined) resolutions.delete(fingerprint);
      else resolutions.set(fingerprint, resolution);
    },
  };
}
