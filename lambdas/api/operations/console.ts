import * as answers from "../responses.ts";
import { ConsoleCodeBody, ConsoleSessionBody } from "../schemas/console.ts";
import type { Operation } from "./operation.ts";

export const consoleOperations = {
  getConsoleSession: {
    summary: "The caller's name and scopes",
    answers: { 200: { description: "The caller", schema: answers.ConsoleCallerAnswer } },
  },
  postConsoleCode: {
    summary: "A one-time code that stands for the caller's token, for a link to the console",
    body: ConsoleCodeBody,
    answers: { 201: { description: "For the link's fragment: /console/#code=…", schema: answers.ConsoleCodeAnswer } },
  },
  postConsoleSession: {
    summary: "Exchange a one-time code for its token",
    body: ConsoleSessionBody,
    answers: { 200: { description: "The token", schema: answers.ConsoleSessionAnswer } },
    refusals: [400, 401, 503],
  },
} satisfies Record<string, Operation>;
