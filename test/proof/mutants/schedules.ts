import { newExecutionId } from "../../../lambdas/core/ids.ts";
import type { Transition } from "../../../lambdas/core/transitions/event.ts";
import { type Mutant, withExecutions, withoutWrites, withSchedules } from "./mutant.ts";

const isTakenBack = ({ to }: Transition) => to.scheduleName !== undefined && to.state === "cancelled";

/** Safeguards of schedules. */
export const scheduleMutants: readonly Mutant[] = [
  {
    name: "a tick that overwrites a change of its schedule",
    plans: "changes beside ticks",
    mutate: (ports, role) => {
      if (role !== "fire") return ports;
      const { schedules } = ports;
      return withSchedules(ports, {
        async apply({ from, to }) {
          const version = (await schedules.get(from.name))?.version ?? from.version;
          return schedules.apply({ from: { ...from, version }, to: { ...to, version: version + 1 } });
        },
      });
    },
  },
  {
    name: "a change of a schedule that overwrites another one",
    plans: "changes beside ticks",
    mutate: (ports, role) => {
      if (role !== "api") return ports;
      const { schedules } = ports;
      return withSchedules(ports, {
        async apply({ from, to }) {
          const version = (await schedules.get(from.name))?.version ?? from.version;
          return schedules.apply({ from: { ...from, version }, to: { ...to, version: version + 1 } });
        },
      });
    },
  },
  {
    name: "a change of a schedule that leaves what was made ahead",
    plans: "changes beside ticks",
    mutate: (ports, role) => (role === "api" ? withoutWrites(ports, isTakenBack) : ports),
  },
  {
    name: "a tick that leaves what it made while its schedule was changed",
    plans: "changes beside ticks",
    mutate: (ports, role) => (role === "fire" ? withoutWrites(ports, isTakenBack) : ports),
  },
  {
    name: "a tick of a schedule whose execution has another id each time",
    scenario: "makeTicks: every 20 seconds",
    mutate: (ports, role) => {
      if (role !== "fire") return ports;
      const { executions, randomBytes } = ports;
      return withExecutions(ports, {
        async create(fresh) {
          const id = newExecutionId(fresh.createdAtMs, randomBytes(16), fresh.functionId);
          return executions.create(fresh.scheduleName === undefined ? fresh : { ...fresh, id });
        },
      });
    },
  },
];
