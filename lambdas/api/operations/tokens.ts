import * as answers from "../responses.ts";
import { TokenBody } from "../schemas/tokens.ts";
import type { Operation } from "./operation.ts";

export const tokenOperations = {
  listTokens: {
    summary: "The named tokens",
    answers: { 200: { description: "By name", schema: answers.TokensAnswer } },
  },
  createToken: {
    summary: "Make a named token",
    body: TokenBody,
    answers: { 201: { description: "The token, this once", schema: answers.NewTokenAnswer } },
    refusals: [409],
  },
  deleteToken: {
    summary: "Revoke a token; within a minute nobody takes it any more",
    answers: { 204: { description: "Done" } },
  },
} satisfies Record<string, Operation>;
