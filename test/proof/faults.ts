import { type Conditions, calm } from "../../harness/simulation/conditions.ts";
import { seededRandom } from "../../harness/simulation/seeded-random.ts";
import type { CallFault } from "../../harness/simulation/simulated-process.ts";
import type { SimulatedTime } from "../../harness/simulation/simulated-time.ts";
import { START_MS } from "../../harness/simulation/system.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { shardOf } from "../../lambdas/core/ids.ts";
import type { FaultKind, Plan } from "./plan.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

/** Until then things go wrong; after that the system is to come to rest. */
const FAULTS_END_MS = 40 * MINUTE;

/** How long each call takes while there is a backlog: about 30 s is what a sweep has. */
const SLOW_CALL_MS = 3 * SECOND;

/** The conditions of a plan. `time` is that of the system, which is made with them. */
export function conditionsOf(plan: Plan, time: () => SimulatedTime, injected: Map<string, number>): Conditions {
  const random = seededRandom(plan.seed ^ 0x5eed);
  const kinds = new Set(plan.faults);
  const isOver = () => time().now() >= START_MS + FAULTS_END_MS;
  const happens = (kind: FaultKind, probability: number) => {
    if (!kinds.has(kind) || isOver() || !random.chance(probability)) return false;
    injected.set(kind, (injected.get(kind) ?? 0) + 1);
    return true;
  };
  const isNone = (...harmful: FaultKind[]) => !harmful.some((kind) => kinds.has(kind));
  const slowestMs = plan.seed % 5 === 0 ? 100 : 40;
  const throttledShards = new Map<number, number>();
  const isThrottled = (target: string | undefined): boolean => {
    if (target === undefined || !kinds.has("throttled partitions")) return false;
    const minute = Math.floor(time().now() / MINUTE);
    const shard = throttledShards.get(minute) ?? random.between(0, 7);
    throttledShards.set(minute, shard);
    return shardOf(target as ExecutionId, 4) === shard && happens("throttled partitions", 0.7);
  };
  const { disorder, ...rest } = calm();
  return {
    ...rest,
    random,
    agreesOnTime: !kinds.has("clocks apart"),
    isSteady: isNone("frozen workers"),
    isReliable: isNone("failed calls", "throttled partitions"),
    isWell: isNone("failed calls", "throttled partitions", "killed processes", "frozen workers"),
    isCalm: kinds.size === 0 && plan.backlog === 0,
    indexLagMs: () => (happens("lagging indexes", 0.7) ? random.between(1, 10 * SECOND) : 0),
    pauseAgeMs: (maxAgeMs) => (maxAgeMs === 0 ? 0 : random.between(0, maxAgeMs)),
    clockOffsetMs: () => (happens("clocks apart", 1) ? random.between(-30 * SECOND, 30 * SECOND) : 0),
    firings: () =>
      happens("unpunctual timer", 0.8) ? random.pick([[], [59 * SECOND], [30 * SECOND, 58 * SECOND]]) : [0],
    taskStartMs: () => {
      const startMs = random.between(20, 120) * SECOND;
      return happens("tasks that do not start", 0.3) ? undefined : startMs;
    },
    isEventLost: () => happens("lost events", 0.3),
    disorder: {
      which: (count) => (kinds.has("late messages") ? random.between(0, Math.max(0, count() - 1)) : 0),
      lateMs: () => (happens("late messages", 0.2) ? random.between(1, 90 * SECOND) : 0),
      isDoubled: () => happens("doubled messages", 0.3),
      visibilityMs: () =>
        happens("visibility ends mid-run", 0.3) ? random.between(1, 60) * SECOND : disorder.visibilityMs(),
    },
    network: {
      latencyMs: () => (plan.backlog > 0 && !isOver() ? SLOW_CALL_MS : random.between(1, slowestMs)),
      faultOf(_process, _name, target): CallFault | undefined {
        if (isThrottled(target)) return "refused";
        if (!happens("failed calls", 0.06)) return undefined;
        return random.pick(["crash_before", "crash_after", "answer_lost", "answer_lost", "refused", "refused"]);
      },
    },
    onSpawn(process) {
      const afterMs = random.pick([random.between(0, 200), random.between(0, 20 * SECOND)]);
      if (happens("killed processes", 0.1)) time().at(time().now() + afterMs, process.kill);
      if (happens("frozen workers", 0.1)) {
        time().at(time().now() + afterMs, () => {
          process.frozenUntilMs = time().now() + random.between(10, 240) * SECOND;
        });
      }
    },
  };
}
