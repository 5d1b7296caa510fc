import type { components, operations } from "./schema.d.ts";

type Schemas = components["schemas"];

export type Execution = Schemas["Execution"];
export type State = Execution["state"];
export type Change = Schemas["TimelineAnswer"]["data"]["changes"][number];
export type DeployedFunction = Schemas["Function"];
export type ApiSchedule = Schemas["Schedule"];
export type Schedule = ApiSchedule | Schemas["CodeSchedule"];
/** A job that acts on many executions. */
export type Job = Schemas["Bulk"];
export type BulkAction = Job["action"];
/** The executions that a job would meet. */
export type DryRun = Schemas["DryRunAnswer"]["data"];
/** Filters of a list. */
export type ApiFilters = NonNullable<ListBody["content"]["application/json"]["filters"]>;
type ListBody = NonNullable<operations["postList"]["requestBody"]>;
export type FailureGroup = Schemas["Failure"];
