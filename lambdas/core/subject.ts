import type { ExecutionId } from "./ids.ts";

/**
 * The subject of a problem, named by the field that a log line gives it. Tagged, since its form does not tell: the id
 * of a job is a UUID as that of an execution is. A lane is named by its function alone: its name has a value of the
 * metadata, which does not go into the log.
 */
export type Subject =
  | { executionId: ExecutionId }
  /** Name of a schedule. */
  | { schedule: string }
  /** Id of a bulk job. */
  | { job: string }
  | { function: string };
