import * as z from "zod";
import * as answers from "../responses.ts";
import { CancellationBody, EnqueueV1Body, ScheduleBody } from "../schemas/executions.ts";
import { message, type Operation } from "./operation.ts";

const enqueueV1 = {
  summary: "Enqueue, as version 1 did",
  body: EnqueueV1Body,
  answers: { 200: { description: "Accepted", schema: z.strictObject({ id: z.guid() }) } },
};

const getExecutionV1 = {
  summary: "State and result, as version 1 did",
  answers: { 200: { description: "The execution", schema: answers.ExecutionV1 } },
};

const nothing = { description: "Done", schema: z.strictObject({}) };

export const v1Operations = {
  enqueueV1,
  getExecutionV1,
  getTriesV1: { summary: "Attempts", answers: { 200: { description: "Newest first", schema: answers.TriesV1 } } },
  cancelV1: {
    summary: "Cancel",
    body: CancellationBody,
    answers: { 200: nothing, 202: message("Under way") },
    refusals: [409],
  },
  rescheduleV1: { summary: "Reschedule", body: ScheduleBody, answers: { 200: nothing }, refusals: [409] },
  patchScheduleV1: { summary: "Reschedule", body: ScheduleBody, answers: { 200: nothing }, refusals: [409] },
  enqueueOldV1: enqueueV1,
  getExecutionOldV1: getExecutionV1,
} satisfies Record<string, Operation>;
