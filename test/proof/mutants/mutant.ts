import type { Conditions, Ports } from "../../../harness/simulation/conditions.ts";
import type { Transition } from "../../../lambdas/core/transitions/event.ts";
import type { PlanKind } from "../plan.ts";

/** A mistake that the proof must find: the product with one of its safeguards taken out. */
export type Mutant = {
  name: string;
  mutate: Mutate;
} & FoundBy;

/** The finder that a mutant must have: crash points of one scenario, plans of one kind, or both. */
type FoundBy = { scenario: string; plans?: PlanKind } | { scenario?: undefined; plans: PlanKind };

export type Mutate = Conditions["mutate"];

/** `ports` whose `executions` are changed. */
export function withExecutions(ports: Ports, changes: Partial<Ports["executions"]>): Ports {
  return { ...ports, executions: { ...ports.executions, ...changes } };
}

/** `ports` whose `lanes` are changed. */
export function withLanes(ports: Ports, changes: Partial<Ports["lanes"]>): Ports {
  return { ...ports, lanes: { ...ports.lanes, ...changes } };
}

/** `ports` whose `schedules` are changed. */
export function withSchedules(ports: Ports, changes: Partial<Ports["schedules"]>): Ports {
  return { ...ports, schedules: { ...ports.schedules, ...changes } };
}

/** `ports` by which the sweep finds only the overdue that `isSeen`. */
export function withOverdue(ports: Ports, isSeen: (key: string) => boolean): Ports {
  const { indexes } = ports;
  const overdue: typeof indexes.overdue = async function* (from, nowMs) {
    for await (const page of indexes.overdue(from, nowMs)) yield page.filter(isSeen);
  };
  return { ...ports, indexes: { ...indexes, overdue } };
}

/** `ports` whose writes of executions are made whoever was quicker, where `isMeant`. */
export function overwriting(ports: Ports, isMeant: (transition: Transition) => boolean = () => true): Ports {
  const { executions } = ports;
  return withExecutions(ports, {
    async apply(transition) {
      const { from, to } = transition;
      const version = executions.records.get(from.id)?.version;
      if (version === undefined || !isMeant(transition)) return executions.apply(transition);
      return executions.apply({ from: { ...from, version }, to: { ...to, version: version + 1 } });
    },
  });
}

/** `ports` whose writes of executions are answered and not made, where `isMeant`. */
export function withoutWrites(ports: Ports, isMeant: (transition: Transition) => boolean): Ports {
  const { executions } = ports;
  return withExecutions(ports, {
    apply: async (transition) => (isMeant(transition) ? "applied" : executions.apply(transition)),
  });
}
