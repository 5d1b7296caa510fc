import { isRunning } from "../../../lambdas/core/execution.ts";
import { idOfJob } from "../../../lambdas/core/jobs/key.ts";
import { nameOfSchedule } from "../../../lambdas/core/schedules/key.ts";
import { type Mutant, withExecutions, withLanes, withOverdue } from "./mutant.ts";

/** Safeguards of the sweep. */
export const recoveryMutants: readonly Mutant[] = [
  {
    name: "no sweep",
    scenario: "enqueue: that is due now",
    plans: "ordinary",
    mutate: (ports, role) =>
      role === "sweep" ? { ...ports, indexes: { ...ports.indexes, async *overdue() {} } } : ports,
  },
  {
    name: "a sweep that passes over what has ended",
    scenario: "sweep: what has ended, and whose follow-up is not made",
    mutate: (ports) => withOverdue(ports, (key) => !("finishedAtMs" in (ports.executions.records.get(key) ?? {}))),
  },
  {
    name: "a sweep that passes over jobs",
    scenario: "recoverJob, sweep: whose message was lost",
    mutate: (ports) => withOverdue(ports, (key) => idOfJob(key) === undefined),
  },
  {
    name: "a sweep that passes over schedules",
    scenario: "recoverSchedule: whose message was lost",
    mutate: (ports) => withOverdue(ports, (key) => nameOfSchedule(key) === undefined),
  },
  {
    name: "a sweep that passes over lanes",
    scenario: "sweep: a lane whose workers were lost",
    mutate: (ports) => withLanes(ports, { async *marked() {} }),
  },
  {
    name: "a sweep that passes over what queues have put aside",
    scenario: "sweep: what its queue has put aside",
    mutate: (ports) => ({ ...ports, deadLetters: { ...ports.deadLetters, async *read() {} } }),
  },
  {
    name: "a sweep that believes its index",
    scenario: "sweep: what runs, and whose lease is renewed, by an index that is behind",
    mutate: (ports, role) => {
      if (role !== "sweep") return ports;
      const { executions } = ports;
      return withExecutions(ports, {
        async getMany(ids) {
          const found = await executions.getMany(ids);
          return new Map([...found].map(([id, it]) => [id, isRunning(it) ? { ...it, leaseUntilMs: 0 } : it]));
        },
      });
    },
  },
  {
    name: "a sweep that looks at waiting work before dead workers",
    plans: "backlog",
    mutate: (ports) => {
      const { indexes } = ports;
      const overdue: typeof indexes.overdue = async function* ({ shard, part }, nowMs) {
        const overdueNow = ["started", "created", "timed"] as const;
        const instead = { started: [], created: [], timed: ["waiting"], waiting: overdueNow } as const;
        for (const other of instead[part]) yield* indexes.overdue({ shard, part: other }, nowMs);
      };
      return { ...ports, indexes: { ...indexes, overdue } };
    },
  },
];
