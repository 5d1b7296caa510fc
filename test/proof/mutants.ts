import type { Conditions } from "../../harness/simulation/system.ts";
import { type Execution, isRunning } from "../../lambdas/core/execution.ts";
import { newExecutionId } from "../../lambdas/core/ids.ts";
import { idOfJob } from "../../lambdas/core/jobs/key.ts";
import { isPauseLane } from "../../lambdas/core/lanes.ts";

/** A mistake that the proof must find: the product with one of its safeguards taken out. */
export interface Mutant {
  name: string;
  mutate: Conditions["mutate"];
}

/** `execution`, as if its worker never had to be heard of again. */
function withoutLease(execution: Execution): Execution {
  return "leaseUntilMs" in execution ? { ...execution, leaseUntilMs: Number.MAX_SAFE_INTEGER } : execution;
}

/** Safeguards that are taken out by what the ports answer or write. */
export const mutants: readonly Mutant[] = [
  {
    name: "no revision check",
    mutate: (ports, role, message) => {
      if (role !== "run" || message === undefined) return ports;
      const { executions } = ports;
      return {
        ...ports,
        executions: {
          ...executions,
          async get(id) {
            const execution = await executions.get(id);
            return execution && { ...execution, revision: message.revision };
          },
        },
      };
    },
  },
  {
    name: "no conditional claim",
    mutate: (ports) => {
      const { executions } = ports;
      return {
        ...ports,
        executions: {
          ...executions,
          async apply({ from, to }) {
            const current = executions.records.get(from.id);
            const isClaim = from.state === "created" && to.state === "started";
            if (!isClaim || current === undefined) return executions.apply({ from, to });
            const version = current.version;
            return executions.apply({ from: { ...from, version }, to: { ...to, version: version + 1 } });
          },
        },
      };
    },
  },
  {
    name: "a worker that renews and ends what another has taken from it",
    mutate: (ports, role) => {
      if (role !== "run" && role !== "task") return ports;
      const { executions } = ports;
      const claimed = new Map<string, Execution>();
      return {
        ...ports,
        executions: {
          ...executions,
          async get(id) {
            const [current, own] = [await executions.get(id), claimed.get(id)];
            if (current === undefined || own === undefined) return current;
            const isTaken = current.attempt !== own.attempt || !isRunning(current);
            return isTaken ? { ...own, leaseUntilMs: Number.MAX_SAFE_INTEGER, version: current.version } : current;
          },
          async apply(transition) {
            const { from, to } = transition;
            const result = await executions.apply(transition);
            if (result === "applied" && from.state === "created" && isRunning(to)) claimed.set(to.id, to);
            return result;
          },
        },
      };
    },
  },
  {
    name: "an end of an attempt that is not conditional",
    mutate: (ports, role) => {
      if (role !== "run" && role !== "task") return ports;
      const { executions } = ports;
      return {
        ...ports,
        executions: {
          ...executions,
          async apply({ from, to }) {
            const current = executions.records.get(from.id);
            if (from.state === "created" || current === undefined) return executions.apply({ from, to });
            const { version } = current;
            return executions.apply({ from: { ...from, version }, to: { ...to, version: version + 1 } });
          },
        },
      };
    },
  },
  {
    name: "no lease",
    mutate: (ports) => {
      const { executions } = ports;
      return {
        ...ports,
        executions: { ...executions, apply: ({ from, to }) => executions.apply({ from, to: withoutLease(to) }) },
      };
    },
  },
  {
    name: "no sweep",
    mutate: (ports, role) =>
      role === "sweep" ? { ...ports, indexes: { ...ports.indexes, async *overdue() {} } } : ports,
  },
  {
    name: "a tick that overwrites a change of its schedule",
    mutate: (ports, role) => {
      if (role !== "fire") return ports;
      const { schedules } = ports;
      return {
        ...ports,
        schedules: {
          ...schedules,
          async apply({ from, to }) {
            const version = (await schedules.get(from.name))?.version ?? from.version;
            return schedules.apply({ from: { ...from, version }, to: { ...to, version: version + 1 } });
          },
        },
      };
    },
  },
  {
    name: "a change of a schedule that leaves what was made ahead",
    mutate: (ports, role) => {
      if (role !== "api") return ports;
      const { executions } = ports;
      return {
        ...ports,
        executions: {
          ...executions,
          async get(id) {
            const execution = await executions.get(id);
            return execution?.scheduleName === undefined ? execution : undefined;
          },
        },
      };
    },
  },
  {
    name: "a renewal that creates a slot",
    mutate: (ports) => {
      const { lanes } = ports;
      return {
        ...ports,
        lanes: {
          ...lanes,
          async renew(lane, slot) {
            const kept = (await lanes.slots(lane)).find(({ number }) => number === slot.number);
            await lanes.take(lane, slot, kept);
          },
        },
      };
    },
  },
  {
    name: "a hand-over that is not conditional",
    mutate: (ports) => {
      const { lanes } = ports;
      return {
        ...ports,
        lanes: {
          ...lanes,
          async take(lane, slot) {
            const kept = (await lanes.slots(lane)).find(({ number }) => number === slot.number);
            return lanes.take(lane, slot, kept);
          },
          async unpark(lane, message) {
            await lanes.unpark(lane, message);
            return true;
          },
        },
      };
    },
  },
  {
    name: "a rate that does not move on",
    mutate: (ports) => ({ ...ports, rates: { advance: async (_id, _name, _intervalMs, nowMs) => nowMs } }),
  },
  {
    name: "a worker that does not know of pauses",
    mutate: (ports, role) =>
      role === "run" || role === "task"
        ? { ...ports, pauses: { ...ports.pauses, isPaused: async () => false } }
        : ports,
  },
  {
    name: "a resume that wakes nobody",
    mutate: (ports, role) =>
      role === "api" || role === "sweep"
        ? {
            ...ports,
            lanes: {
              ...ports.lanes,
              parked: async (lane, limit) => (isPauseLane(lane) ? [] : ports.lanes.parked(lane, limit)),
            },
          }
        : ports,
  },
  {
    name: "a sweep that passes over what has ended",
    mutate: (ports) => {
      const { indexes, executions } = ports;
      const overdue: typeof indexes.overdue = async function* (from, nowMs) {
        for await (const page of indexes.overdue(from, nowMs)) {
          yield page.filter((key) => !("finishedAtMs" in (executions.records.get(key) ?? {})));
        }
      };
      return { ...ports, indexes: { ...indexes, overdue } };
    },
  },
  {
    name: "a launch of a task by every message",
    mutate: (ports) => {
      const { tasks } = ports;
      let launches = 0;
      return { ...ports, tasks: { ...tasks, run: (launch) => tasks.run({ ...launch, number: ++launches }) } };
    },
  },
  {
    name: "a sweep that looks at waiting work before dead workers",
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
  {
    name: "a step of a job that is not conditional",
    mutate: (ports, role) => {
      if (role !== "bulk") return ports;
      const { jobs } = ports;
      return {
        ...ports,
        jobs: {
          ...jobs,
          async apply({ from, to }) {
            const version = (await jobs.get(from.id))?.version ?? from.version;
            return jobs.apply({ from: { ...from, version }, to: { ...to, version: version + 1 } });
          },
        },
      };
    },
  },
  {
    name: "a re-run of a job whose id is drawn",
    mutate: (ports, role) => {
      if (role !== "bulk") return ports;
      const { executions, randomBytes } = ports;
      return {
        ...ports,
        executions: {
          ...executions,
          create: async (fresh) =>
            executions.create({ ...fresh, id: newExecutionId(fresh.createdAtMs, randomBytes(16), fresh.functionId) }),
        },
      };
    },
  },
  {
    name: "a sweep that passes over jobs",
    mutate: (ports, role) => {
      if (role !== "sweep") return ports;
      const { indexes } = ports;
      const overdue: typeof indexes.overdue = async function* (from, nowMs) {
        for await (const page of indexes.overdue(from, nowMs)) yield page.filter((key) => idOfJob(key) === undefined);
      };
      return { ...ports, indexes: { ...indexes, overdue } };
    },
  },
  {
    name: "a batch that tells of what it did not write",
    mutate: (ports, role) => {
      if (role !== "api") return ports;
      const { executions } = ports;
      // One of them was throttled.
      const createMany: typeof executions.createMany = (fresh) => executions.createMany(fresh.slice(1));
      return { ...ports, executions: { ...executions, createMany } };
    },
  },
  {
    name: "a failure that is counted again, since the answer was lost",
    mutate: (ports) => {
      const { failureCounter } = ports;
      return {
        ...ports,
        failureCounter: {
          ...failureCounter,
          async count(failure) {
            await failureCounter.count(failure);
            await failureCounter.count(failure);
          },
        },
      };
    },
  },
];
