import { SCHEDULE_NAME } from "../../core/schedules/name.ts";
import * as answers from "../responses.ts";
import { EmptyBody } from "../schemas/fields.ts";
import { PutScheduleBody } from "../schemas/schedules.ts";
import { execution } from "./executions.ts";
import { type Operation, pageQuery, text, texts, UUID, whole } from "./operation.ts";

const schedule = { description: "The schedule", schema: answers.ScheduleAnswer };

const scheduleQuery = [
  ...pageQuery,
  { name: "function_ids", in: "query", schema: texts({ type: "string", pattern: UUID }) },
  { name: "paused", in: "query", schema: { enum: ["true", "false"] } },
  { name: "prefix", in: "query", schema: { ...text, pattern: SCHEDULE_NAME.source } },
];

export const scheduleOperations = {
  getSchedules: {
    summary: "List schedules by name, those of the code among them",
    query: scheduleQuery,
    answers: { 200: { description: "A page", schema: answers.SchedulesAnswer } },
  },
  putSchedule: {
    summary: "Make or replace a schedule; the same body once more changes nothing",
    body: PutScheduleBody,
    answers: { 200: schedule, 201: schedule },
    refusals: [409],
  },
  getSchedule: { summary: "A schedule", answers: { 200: schedule } },
  deleteSchedule: { summary: "Delete a schedule", answers: { 204: { description: "Done" } }, refusals: [409] },
  pauseSchedule: {
    summary: "Pause a schedule",
    body: EmptyBody,
    answers: { 200: schedule },
    refusals: [409],
  },
  resumeSchedule: {
    summary: "Go on with the next tick after now",
    body: EmptyBody,
    answers: { 200: schedule },
    refusals: [409],
  },
  runSchedule: {
    summary: "Run a schedule once now, out of turn",
    body: EmptyBody,
    answers: { 201: execution },
    refusals: [409],
  },
  getNextTicks: {
    summary: "The next ticks of a schedule; none while it is paused",
    query: [{ name: "count", in: "query", schema: { ...whole, maximum: 1_000, default: 10 } }],
    answers: { 200: { description: "Oldest first", schema: answers.TicksAnswer } },
  },
} satisfies Record<string, Operation>;
