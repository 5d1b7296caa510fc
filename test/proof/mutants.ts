import { executionMutants } from "./mutants/executions.ts";
import { flowControlMutants } from "./mutants/flow-control.ts";
import { jobMutants } from "./mutants/jobs.ts";
import type { Mutant } from "./mutants/mutant.ts";
import { recoveryMutants } from "./mutants/recovery.ts";
import { scheduleMutants } from "./mutants/schedules.ts";

/** Safeguards that are taken out by what the ports answer or write. */
export const mutants: readonly Mutant[] = [
  ...executionMutants,
  ...flowControlMutants,
  ...scheduleMutants,
  ...jobMutants,
  ...recoveryMutants,
];
