import { resolutions } from "../../core/failures/group.ts";
import * as answers from "../responses.ts";
import { ResolutionBody } from "../schemas/failures.ts";
import { type Operation, pageQuery, texts, UUID } from "./operation.ts";

export const failureOperations = {
  listFailures: {
    summary: "Groups of failures of the last 7 days, by the hour in which they were last seen",
    query: [
      ...pageQuery,
      { name: "states", in: "query", schema: texts({ enum: resolutions }) },
      { name: "function_ids", in: "query", schema: texts({ type: "string", pattern: UUID }) },
    ],
    answers: { 200: { description: "A page, newest first", schema: answers.FailuresAnswer } },
  },
  postResolution: {
    summary: "Note that failures of a kind are resolved, until they happen again; ignored; or open",
    body: ResolutionBody,
    answers: { 200: { description: "The group", schema: answers.FailureAnswer } },
  },
} satisfies Record<string, Operation>;
