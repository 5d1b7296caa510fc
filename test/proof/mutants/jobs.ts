import type { Ports } from "../../../harness/simulation/conditions.ts";
import { newExecutionId } from "../../../lambdas/core/ids.ts";
import { type Mutant, overwriting, withExecutions } from "./mutant.ts";

function overwritingJobs(ports: Ports): Ports {
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
}

/** Safeguards of bulk jobs. */
export const jobMutants: readonly Mutant[] = [
  {
    name: "a step of a job that is not conditional",
    plans: "stopped jobs",
    mutate: (ports, role) => (role === "bulk" ? overwritingJobs(ports) : ports),
  },
  {
    name: "an act of a job that is not conditional",
    scenario: "workJob: that cancels a page",
    mutate: (ports, role) => (role === "bulk" ? overwriting(ports) : ports),
  },
  {
    name: "a re-run of a job that has another id each time",
    scenario: "workJob: that re-runs a page",
    mutate: (ports, role) => {
      if (role !== "bulk") return ports;
      const { executions, randomBytes } = ports;
      return withExecutions(ports, {
        create: async (fresh) =>
          executions.create({ ...fresh, id: newExecutionId(fresh.createdAtMs, randomBytes(16), fresh.functionId) }),
      });
    },
  },
];
