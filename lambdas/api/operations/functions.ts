import * as answers from "../responses.ts";
import { EmptyBody } from "../schemas/fields.ts";
import { type Operation, text } from "./operation.ts";

const deployed = { description: "The function", schema: answers.FunctionAnswer };

export const functionOperations = {
  postPause: { summary: "Let nothing of a function start", body: EmptyBody, answers: { 200: deployed } },
  postResume: { summary: "Let a function start again", body: EmptyBody, answers: { 200: deployed } },
  listFunctions: {
    summary: "The deployed functions",
    query: [{ name: "include", in: "query", schema: { ...text, enum: ["load"] } }],
    answers: { 200: { description: "In the order of their names", schema: answers.FunctionsAnswer } },
  },
  getFunction: {
    summary: "A deployed function",
    query: [{ name: "include", in: "query", schema: { ...text, enum: ["load"] } }],
    answers: { 200: deployed },
  },
} satisfies Record<string, Operation>;
