import * as z from "zod";
import type { AuthorizationRequest, IamPrincipal } from "./authorization-request.ts";
import { conditions } from "./conditions.ts";
import { arnPattern, wildcard } from "./wildcards.ts";

/** A parsed statement of a policy. */
export interface Statement {
  effect: "Allow" | "Deny";
  appliesTo(request: AuthorizationRequest): boolean;
}

const Texts = z
  .union([z.string(), z.boolean(), z.array(z.union([z.string(), z.boolean()]))])
  .transform((given) => [given].flat().map(String));

const Patterns = Texts.refine(
  // `${aws:username}` and other variables have another value in every request.
  (texts) => texts.every((text) => !text.includes("${")),
  "policy variables are not known here",
);

const StatementText = z
  .strictObject({
    Sid: z.string().optional(),
    Effect: z.enum(["Allow", "Deny"]),
    Action: Texts.optional(),
    NotAction: Texts.optional(),
    Resource: Patterns.optional(),
    NotResource: Patterns.optional(),
    Principal: z
      .union([z.literal("*"), z.strictObject({ AWS: Texts.optional(), Service: Texts.optional() })])
      .optional(),
    Condition: z.record(z.string(), z.record(z.string(), Patterns)).default({}),
  })
  .refine(({ Action, NotAction }) => (Action === undefined) !== (NotAction === undefined), "needs Action or NotAction")
  .refine(
    // A trust policy names no resource.
    ({ Resource, NotResource, Principal }) =>
      Resource === undefined || NotResource === undefined
        ? Resource !== undefined || NotResource !== undefined || Principal !== undefined
        : false,
    "needs Resource or NotResource",
  );

const Document = z.strictObject({
  Version: z.literal("2012-10-17"),
  Id: z.string().optional(),
  Statement: z.union([StatementText.transform((one) => [one]), z.array(StatementText)]),
});

/**
 * Parses the statements of an IAM policy document.
 * @throws Error naming what in it is not known here: what is not understood must not pass
 */
export function readStatements(document: unknown): Statement[] {
  const parsed = Document.safeParse(document);
  if (!parsed.success) throw new Error(`unsupported policy: ${z.prettifyError(parsed.error)}`);
  return parsed.data.Statement.map(statement);
}

function statement(given: z.infer<typeof StatementText>): Statement {
  const action = element(given.Action, given.NotAction, (pattern) => {
    const fits = wildcard(pattern.toLowerCase());
    return (name) => fits(name.toLowerCase());
  });
  const resource = element(given.Resource, given.NotResource, arnPattern);
  const principal = principalTest(given.Principal);
  const holds = conditions(given.Condition);
  return {
    effect: given.Effect,
    appliesTo: (request) =>
      action(request.action) && resource(request.resource) && principal(request.principal) && holds(request),
  };
}

type Test = (text: string) => boolean;

/** Returns the test of an element, of its `Not` form, or of neither. */
function element(is: string[] | undefined, isNot: string[] | undefined, pattern: (text: string) => Test): Test {
  const tests = (is ?? isNot ?? ["*"]).map(pattern);
  const fits = (text: string) => tests.some((test) => test(text));
  return isNot === undefined ? fits : (text) => !fits(text);
}

/** Returns the test of a statement's principal. An identity policy has none and applies to its role. */
function principalTest(given: z.infer<typeof StatementText>["Principal"]): (principal: IamPrincipal) => boolean {
  if (given === undefined || given === "*") return () => true;
  const { AWS = [], Service = [] } = given;
  const unknown = AWS.find((it) => it !== "*" && !/^arn:aws:iam::\d{12}:role\//.test(it));
  if (unknown !== undefined) throw new Error(`the principal ${unknown} is not known here: only roles and *`);
  if (AWS.includes("*")) return () => true;
  return (principal) => ("role" in principal ? AWS.includes(principal.role) : Service.includes(principal.service));
}
