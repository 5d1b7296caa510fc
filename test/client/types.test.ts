import { describe, expectTypeOf, it } from "vitest";
import type * as z from "zod";
import type {
  Alarm,
  ApiSchedule,
  BatchResult,
  BulkJob,
  CodeSchedule,
  DeployedFunction,
  DryRun,
  Execution,
  FailureGroup,
  Filters,
  LogLine,
  Page,
  Timeline,
  Token,
} from "../../client/client.ts";
import type * as answers from "../../lambdas/api/responses.ts";
import type { Filters as FiltersBody } from "../../lambdas/api/schemas/lists.ts";
import type { AlarmId } from "../../lambdas/core/alarms.ts";

/** An answer as JSON carries it: a field is there or it is not. */
type Json<Value> = unknown extends Value
  ? Value
  : Value extends string | number | boolean
    ? Value
    : Value extends (infer Item)[]
      ? Json<Item>[]
      : { [Key in keyof Value]: Json<Exclude<Value[Key], undefined>> };
type Data<Answer extends z.ZodType<{ data: unknown }>> = Json<z.output<Answer>["data"]>;

// The compiler checks these: a field of an answer that the client's type lacks, or has otherwise, is an error.
describe("the client's types are those of the contract", () => {
  it("of executions", () => {
    expectTypeOf<Execution>().toEqualTypeOf<Data<typeof answers.ExecutionAnswer>>();
    expectTypeOf<Page<Execution>["page_info"]>().toEqualTypeOf<
      Json<z.output<typeof answers.ListAnswer>["page_info"]>
    >();
    expectTypeOf<Json<z.output<typeof answers.BatchAnswer>["data"][number]>>().toExtend<BatchResult>();
    expectTypeOf<keyof Filters>().toEqualTypeOf<keyof z.output<typeof FiltersBody>>();
    expectTypeOf<LogLine>().toEqualTypeOf<z.output<typeof answers.LogLine>>();
  });

  it("of timelines", () => {
    expectTypeOf<Timeline>().toEqualTypeOf<Data<typeof answers.TimelineAnswer>>();
  });

  it("of bulk jobs", () => {
    expectTypeOf<BulkJob>().toEqualTypeOf<Data<typeof answers.BulkAnswer>>();
    expectTypeOf<DryRun>().toEqualTypeOf<Data<typeof answers.DryRunAnswer>>();
  });

  it("of failures", () => {
    expectTypeOf<FailureGroup>().toEqualTypeOf<Data<typeof answers.FailureAnswer>>();
  });

  it("of functions", () => {
    expectTypeOf<DeployedFunction>().toEqualTypeOf<Data<typeof answers.FunctionAnswer>>();
  });

  it("of alarms", () => {
    // An older client may meet an alarm that it does not know.
    expectTypeOf<Omit<Alarm, "name"> & { name: AlarmId }>().toExtend<Data<typeof answers.AlarmsAnswer>[number]>();
    expectTypeOf<Data<typeof answers.AlarmsAnswer>[number]>().toExtend<Alarm>();
  });

  it("of tokens", () => {
    expectTypeOf<Token[]>().toEqualTypeOf<Data<typeof answers.TokensAnswer>>();
    expectTypeOf<Json<z.output<typeof answers.NewTokenAnswer>["data"]>>().toExtend<Token & { token: string }>();
  });

  it("of schedules", () => {
    expectTypeOf<ApiSchedule | CodeSchedule>().toEqualTypeOf<Data<typeof answers.ScheduleAnswer>>();
  });
});
