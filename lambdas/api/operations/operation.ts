import * as z from "zod";
import * as answers from "../responses.ts";

/** A route in the contract. */
export interface Operation {
  summary: string;
  /** The JSON body. */
  body?: z.core.$ZodType;
  /** Parameters of the query string. */
  query?: readonly object[];
  /** Refusals beside those that follow from the route itself. */
  refusals?: readonly RefusalStatus[];
  answers: Record<number, { description: string; schema?: z.core.$ZodType; mediaType?: string }>;
}

export type RefusalStatus = keyof typeof refusals;

/** Why a request is refused, by status. */
export const refusals = {
  400: "A malformed request; the message names the field",
  401: "No token, or a wrong one",
  403: "The token lacks a scope, or is for other functions or executions",
  404: "Unknown or malformed id or name",
  409: "The execution's state, or an earlier request, does not allow it",
  413: "The body is too large",
  415: "The body is not JSON",
  500: "A fault of the service",
  503: "AWS throttles or does not answer; try again after Retry-After seconds",
} as const;

export const json = (description: string) => ({ description, schema: z.unknown() });

export const message = (description: string) => ({ description, schema: answers.MessageAnswer });

export const redirect = { description: "It is large: follow the location" };

export const UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

// Schemas of parameters.
export const text = { type: "string" } as const;
export const whole = { type: "integer", minimum: 1 } as const;

// Schemas of parameters.
export const texts = (items: object) => ({ type: "array", items, maxItems: 100 });
export const fingerprint = { type: "string", pattern: "^[0-9a-f]{32}$" } as const;
export const moment = { type: "string", format: "date-time" } as const;

/** Page of a list. */
export const pageQuery = [
  { name: "first", in: "query", schema: whole, description: "Page size; at most 100 are answered" },
  { name: "after", in: "query", schema: text },
  { name: "last", in: "query", schema: whole },
  { name: "before", in: "query", schema: text },
];
