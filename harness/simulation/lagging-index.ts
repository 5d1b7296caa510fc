import type { Execution } from "../../lambdas/core/execution.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { jobKey } from "../../lambdas/core/jobs/key.ts";
import type { Indexes } from "../../lambdas/core/ports.ts";
import { scheduleKey } from "../../lambdas/core/schedules/key.ts";
import { overdueOf } from "../memory/memory-executions.ts";
import type { Ports } from "./conditions.ts";
import type { SimulatedTime } from "./simulated-time.ts";

/** The wake index of `base`, each entry of an execution as far behind its record as `lagMs` says. */
export function laggingIndex(base: Ports, time: SimulatedTime, lagMs: () => number) {
  const places = new Map<ExecutionId, Execution>();
  return {
    /** Executions as the index has them. */
    places,
    update(execution: Execution) {
      const write = () => {
        if ((places.get(execution.id)?.version ?? -1) < execution.version) places.set(execution.id, execution);
      };
      const behindMs = lagMs();
      if (behindMs === 0) write();
      else time.at(time.now() + behindMs, write);
    },
    async *overdue(from: Parameters<Indexes["overdue"]>[0], nowMs: number) {
      const found = overdueOf(places.values(), from, nowMs, base.indexes.shards);
      if (found.length > 0) yield found;
      if (from.shard === 0 && from.part === "timed") yield* overdueOthers(base, nowMs);
    },
  };
}

function* overdueOthers(base: Ports, nowMs: number) {
  const overdue = [...base.schedules.schedules.values()].filter(({ recheckAtMs = Infinity }) => recheckAtMs <= nowMs);
  if (overdue.length > 0) yield overdue.map(({ name }) => scheduleKey(name));
  const late = [...base.jobs.jobs.values()].filter(({ recheckAtMs = Infinity }) => recheckAtMs <= nowMs);
  if (late.length > 0) yield late.map(({ id }) => jobKey(id));
}
