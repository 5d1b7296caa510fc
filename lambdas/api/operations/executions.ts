import * as z from "zod";
import { errorCodes, states } from "../../core/execution.ts";
import { BATCH_MAX_ITEMS } from "../../core/limits.ts";
import { SCHEDULE_NAME } from "../../core/schedules/name.ts";
import * as answers from "../responses.ts";
import { BatchItem, CancellationBody, EnqueueBody, RerunBody, ScheduleBody } from "../schemas/executions.ts";
import { ListBody } from "../schemas/lists.ts";
import { fingerprint, json, message, moment, type Operation, pageQuery, redirect, texts, UUID } from "./operation.ts";

export const execution = { description: "The execution", schema: answers.ExecutionAnswer };

const list = { description: "A page, newest first", schema: answers.ListAnswer };

const payloadQuery = [
  {
    name: "inline",
    in: "query",
    schema: { enum: ["true", "false"] },
    description: "Answers up to 4 MB in place instead of by a redirect",
  },
];

/** A list's body as query parameters. `metadata.<key>=<value>` filters by metadata, which OpenAPI cannot express. */
const listQuery = [
  ...pageQuery,
  { name: "states", in: "query", schema: texts({ enum: states }) },
  { name: "function_ids", in: "query", schema: texts({ type: "string", pattern: UUID }) },
  { name: "error_codes", in: "query", schema: texts({ enum: errorCodes }) },
  { name: "executed_by", in: "query", schema: { type: "string", pattern: UUID } },
  { name: "schedule", in: "query", schema: { type: "string", pattern: SCHEDULE_NAME.source } },
  { name: "error_fingerprint", in: "query", schema: fingerprint },
  { name: "rerun_of", in: "query", schema: { type: "string", pattern: UUID } },
  ...["scheduled_at", "started_at", "created_at"].flatMap((name) =>
    ["from", "to"].map((end) => ({ name: `${name}.${end}`, in: "query", schema: moment })),
  ),
];

export const executionOperations = {
  putExecution: {
    summary: "Enqueue, or move the execution that a debounce brings together",
    body: EnqueueBody,
    answers: { 200: execution, 201: execution },
    refusals: [409],
  },
  postBatch: {
    summary: "Enqueue up to 100; each succeeds or fails by itself, in order",
    body: z.strictObject({ executions: z.array(BatchItem).max(BATCH_MAX_ITEMS) }),
    answers: { 200: { description: "A result for each", schema: answers.BatchAnswer } },
  },
  postList: { summary: "List executions", body: ListBody, answers: { 200: list } },
  getList: {
    summary: "List executions, by query parameters",
    query: listQuery,
    answers: { 200: list },
    refusals: [413, 415],
  },
  getExecution: { summary: "An execution, or an attempt", answers: { 200: execution } },
  getResults: {
    summary: "What the function returned, or its error",
    query: payloadQuery,
    answers: {
      200: json("Any JSON value"),
      202: message("Not yet"),
      204: { description: "There will never be one" },
      307: redirect,
    },
  },
  getArguments: {
    summary: "What the function is called with",
    query: payloadQuery,
    answers: { 200: json("An array"), 307: redirect },
  },
  getLogs: {
    summary: "What the attempt wrote; while it runs, so far",
    query: [
      ...payloadQuery,
      {
        name: "after",
        in: "query",
        schema: { type: "integer", minimum: 0, maximum: 10_000_000 },
        description: "The lines behind so many, which the caller has",
      },
    ],
    answers: {
      200: { description: "A line each", schema: answers.LogLine, mediaType: "application/x-ndjson" },
      307: redirect,
    },
  },
  getTimeline: {
    summary: "What happened to an execution, and what has come of it",
    answers: { 200: { description: "Its changes, children and re-runs", schema: answers.TimelineAnswer } },
  },
  postAttempts: { summary: "List the attempts of an execution", body: ListBody, answers: { 200: list } },
  getAttempts: {
    summary: "List the attempts, by query parameters",
    query: listQuery,
    answers: { 200: list },
    refusals: [413, 415],
  },
  patchSchedule: { summary: "Reschedule", body: ScheduleBody, answers: { 200: execution }, refusals: [409] },
  postRerun: { summary: "Run once more, as a new execution", body: RerunBody, answers: { 200: execution } },
  postCancellation: {
    summary: "Cancel; with force, abort what runs",
    body: CancellationBody,
    answers: { 200: execution, 202: message("It is being aborted already") },
    refusals: [409],
  },
} satisfies Record<string, Operation>;
