import * as z from "zod/mini";
import { isTokenName, RESERVED_TOKEN_NAMES, scopes, TOKEN_NAME, TOKEN_NAME_RULE } from "../../core/api-token.ts";
import { dateTime, functionName, listOf, notAnObject, oneOf, without } from "./fields.ts";

/** The body of a new token. */
export const TokenBody = z.lazy(() =>
  z
    .strictObject(
      {
        name: z
          .string({ error: "must be the name of the token" })
          .check(z.refine(isTokenName, TOKEN_NAME_RULE))
          .register(z.globalRegistry, { pattern: TOKEN_NAME.source, not: { enum: RESERVED_TOKEN_NAMES } }),
        scopes: listOf(oneOf(scopes), 10, "must name one scope at least"),
        functions: z.optional(listOf(functionName, 100, "must name one function at least")),
        expires_at: z.optional(dateTime),
      },
      notAnObject("the body"),
    )
    .check(
      z.refine(({ scopes, functions }) => functions === undefined || !scopes.includes("admin"), {
        error: "cannot go with the scope admin, which could make itself a token for all functions",
        path: ["functions"],
      }),
    )
    .register(z.globalRegistry, {
      anyOf: [
        without("functions"),
        { properties: { scopes: { items: { enum: scopes.filter((scope) => scope !== "admin") } } } },
      ],
    }),
);
