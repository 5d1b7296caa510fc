import { isPauseLane } from "../../../lambdas/core/lanes.ts";
import { type Mutant, withLanes } from "./mutant.ts";

/** Launches of a mutant, in all processes. */
let launches = 0;

/** Safeguards of slots, rates, pauses, and of the tasks that wait for slots. */
export const flowControlMutants: readonly Mutant[] = [
  {
    name: "a renewal that creates a slot",
    plans: "renewals",
    mutate: (ports) => {
      const { lanes } = ports;
      return withLanes(ports, {
        async renew(lane, slot) {
          const kept = (await lanes.slots(lane)).find(({ number }) => number === slot.number);
          await lanes.take(lane, slot, kept);
        },
      });
    },
  },
  {
    name: "a hand-over that is not conditional",
    plans: "crowd",
    mutate: (ports) => {
      const { lanes } = ports;
      return withLanes(ports, {
        async take(lane, slot) {
          const kept = (await lanes.slots(lane)).find(({ number }) => number === slot.number);
          return lanes.take(lane, slot, kept);
        },
        async unpark(lane, message) {
          await lanes.unpark(lane, message);
          return true;
        },
      });
    },
  },
  {
    name: "a rate that does not move on",
    plans: "crowd above a rate",
    mutate: (ports) => ({ ...ports, rates: { advance: async (_id, _name, _intervalMs, nowMs) => nowMs } }),
  },
  {
    name: "a worker that does not know of pauses",
    plans: "pauses",
    mutate: (ports, role) =>
      role === "run" || role === "task"
        ? { ...ports, pauses: { ...ports.pauses, isPaused: async () => false } }
        : ports,
  },
  {
    name: "a worker that parks by what it knew of a pause",
    plans: "pauses",
    mutate: (ports, role) => {
      if (role !== "run" && role !== "task" && role !== "launch") return ports;
      const { pauses } = ports;
      let known: Promise<boolean> | undefined;
      const isPaused: typeof pauses.isPaused = (id, maxAgeMs) => (known ??= pauses.isPaused(id, maxAgeMs));
      return { ...ports, pauses: { ...pauses, isPaused } };
    },
  },
  {
    name: "a resume that wakes nobody",
    plans: "pauses",
    mutate: (ports, role) => {
      if (role !== "api" && role !== "sweep") return ports;
      const { lanes } = ports;
      return withLanes(ports, {
        parked: async (lane, limit) => (isPauseLane(lane) ? [] : lanes.parked(lane, limit)),
      });
    },
  },
  {
    name: "a launch of a task by every message",
    scenario: "launch: whose message comes twice",
    mutate: (ports) => {
      const { tasks } = ports;
      return { ...ports, tasks: { ...tasks, run: (launch) => tasks.run({ ...launch, number: ++launches }) } };
    },
  },
  {
    name: "a launch that does not ask whether its task has stopped",
    scenario: "launch: again, after a task that nobody heard the end of",
    mutate: (ports) => ({ ...ports, tasks: { ...ports.tasks, findStopped: async () => undefined } }),
  },
];
