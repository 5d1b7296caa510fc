import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AuthorizationRequest } from "../../../local/gateway/policy/authorization-request.ts";
import { evaluateStatements } from "../../../local/gateway/policy/evaluate-statements.ts";
import { readStatements } from "../../../local/gateway/policy/statements.ts";

const ROLE = "arn:aws:iam::000000000000:role/worker";
const TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/executions";

const asked = (changes: Partial<AuthorizationRequest> = {}): AuthorizationRequest => ({
  principal: { role: ROLE },
  action: "dynamodb:PutItem",
  resource: TABLE,
  context: { "aws:SecureTransport": "true" },
  ...changes,
});

const document = (...statements: object[]) => ({ Version: "2012-10-17", Statement: statements });
const allow = (more: object) => ({ Effect: "Allow", Action: "dynamodb:PutItem", Resource: TABLE, ...more });
const decided = (request: AuthorizationRequest, ...statements: object[]) =>
  evaluateStatements(request, readStatements(document(...statements)));

describe("a statement applies", () => {
  it.for<[string, object, Partial<AuthorizationRequest>, boolean]>([
    ["to its action", {}, {}, true],
    ["to its action in any case", { Action: "DynamoDB:putitem" }, {}, true],
    ["to no other action", {}, { action: "dynamodb:PutItems" }, false],
    ["to one of several actions", { Action: ["a:B", "dynamodb:PutItem"] }, {}, true],
    ["to a pattern of actions", { Action: "dynamodb:P?t*" }, {}, true],
    [
      "to no action of a service that only begins like it",
      { Action: "dynamodb:*" },
      { action: "dynamodbx:Put" },
      false,
    ],
    ["to all but some actions", { Action: undefined, NotAction: "dynamodb:Delete*" }, {}, true],
    ["not to what it leaves out", { Action: undefined, NotAction: "dynamodb:Put*" }, {}, false],
    ["to no other resource", {}, { resource: `${TABLE}/index/all` }, false],
    ["to a pattern of resources", { Resource: `${TABLE}/*` }, { resource: `${TABLE}/index/all` }, true],
    ["to no resource of a pattern that is more exact", { Resource: `${TABLE}/*` }, {}, false],
    ["to any resource", { Resource: "*" }, {}, true],
    ["to resources in their own case only", { Resource: TABLE.toUpperCase() }, {}, false],
    ["to all but some resources", { Resource: undefined, NotResource: [`${TABLE}/*`] }, {}, true],
    ["not to resources that it leaves out", { Resource: undefined, NotResource: [TABLE] }, {}, false],
    ["where a * stands for a part", { Resource: "arn:aws:dynamodb:*:*:table/executions" }, {}, true],
    [
      "not where a * would have to span parts",
      { Resource: "arn:aws:*:000000000000:log-group:x" },
      { resource: "arn:aws:logs:us-east-1:000000000000:log-group:x" },
      false,
    ],
    ["with the characters of a pattern taken as they are", { Resource: TABLE.replace(/e/, ".") }, {}, false],
  ])("%s", ([, more, request, isAllowed]) => {
    expect(decided(asked(request), allow(more))).toBe(isAllowed ? "allowed" : "implicitDeny");
  });

  it.for<[string, unknown, AuthorizationRequest["principal"], boolean]>([
    ["anybody", "*", { role: ROLE }, true],
    ["anybody, said as AWS", { AWS: "*" }, { service: "lambda.amazonaws.com" }, true],
    ["its role", { AWS: ROLE }, { role: ROLE }, true],
    ["no other role", { AWS: ROLE }, { role: `${ROLE}2` }, false],
    ["its service", { Service: ["x", "lambda.amazonaws.com"] }, { service: "lambda.amazonaws.com" }, true],
    ["no other service", { Service: "lambda.amazonaws.com" }, { service: "sqs.amazonaws.com" }, false],
    ["no role, if it is for a service", { Service: "lambda.amazonaws.com" }, { role: ROLE }, false],
  ])("to %s", ([, Principal, principal, isAllowed]) => {
    expect(decided(asked({ principal }), allow({ Principal }))).toBe(isAllowed ? "allowed" : "implicitDeny");
  });

  const SOURCE = "arn:aws:execute-api:us-east-1:000000000000:api1/$default/GET/health";
  it.for<[string, object, AuthorizationRequest["context"], boolean]>([
    ["a text is this one", { StringEquals: { "aws:SourceAccount": "1" } }, { "aws:SourceAccount": "1" }, true],
    ["not where it is another", { StringEquals: { "aws:SourceAccount": "1" } }, { "aws:SourceAccount": "2" }, false],
    ["it is one of several", { StringEquals: { "aws:SourceAccount": ["2", "1"] } }, { "aws:SourceAccount": "1" }, true],
    ["a key in another case", { StringEquals: { "AWS:sourceaccount": "1" } }, { "aws:SourceAccount": "1" }, true],
    ["not where nothing is said of it", { StringEquals: { "aws:SourceAccount": "1" } }, {}, false],
    ["a truth", { Bool: { "aws:SecureTransport": false } }, { "aws:SecureTransport": "false" }, true],
    ["not its opposite", { Bool: { "aws:SecureTransport": "false" } }, { "aws:SecureTransport": "true" }, false],
    [
      "an ARN is like this one",
      { ArnLike: { "aws:SourceArn": SOURCE.replace("$default/GET", "*/*") } },
      { "aws:SourceArn": SOURCE },
      true,
    ],
    [
      "not where the pattern has more steps than the ARN",
      { ArnLike: { "aws:SourceArn": `${SOURCE.split("/")[0]}/*/*/*` } },
      { "aws:SourceArn": `${SOURCE.split("/")[0]}/$default/$default` },
      false,
    ],
    [
      "only where all conditions hold",
      { StringEquals: { "aws:SourceAccount": "1" }, Bool: { "aws:SecureTransport": "true" } },
      { "aws:SourceAccount": "1", "aws:SecureTransport": "false" },
      false,
    ],
  ])("where %s", ([, Condition, context, isAllowed]) => {
    expect(decided(asked({ context }), allow({ Condition }))).toBe(isAllowed ? "allowed" : "implicitDeny");
  });
});

describe("an unsupported part is refused", () => {
  it.for<[string, object, string]>([
    [
      "an operator",
      allow({ Condition: { NumericLessThan: { "aws:SourceAccount": "1" } } }),
      "operator NumericLessThan",
    ],
    [
      "an operator with IfExists",
      allow({ Condition: { BoolIfExists: { "aws:SecureTransport": "1" } } }),
      "BoolIfExists",
    ],
    ["a key", allow({ Condition: { StringEquals: { "aws:SourceVpc": "1" } } }), "key aws:SourceVpc"],
    ["a key of a Deny", { ...allow({ Condition: { Bool: { "a:B": true } } }), Effect: "Deny" }, "key a:B"],
    ["a variable", allow({ Resource: ["arn:aws:s3:::b/$", "{aws:username}"].join("") }), "policy variables"],
    ["a resource that is no ARN", allow({ Resource: "arn:aws:dynamodb:*" }), "is no pattern for ARNs"],
    ["a principal", allow({ Principal: { AWS: "arn:aws:iam::000000000000:root" } }), "principal arn:aws:iam"],
    ["a kind of principal", allow({ Principal: { Federated: "x" } }), "unsupported policy"],
    ["an element", allow({ NotPrincipal: "*" }), "unsupported policy"],
    ["an effect", allow({ Effect: "allow" }), "unsupported policy"],
    ["no action", allow({ Action: undefined }), "needs Action or NotAction"],
    ["action and its opposite", allow({ NotAction: "a:B" }), "needs Action or NotAction"],
    ["no resource", allow({ Resource: undefined }), "needs Resource or NotResource"],
  ])("is refused: %s", ([, statement, message]) => {
    expect(() => readStatements(document(statement))).toThrow(message);
  });
});

describe("statements together", () => {
  const action = fc.constantFrom("a:Get", "a:Put", "b:Get");
  const resource = fc.constantFrom("arn:aws:a:::x", "arn:aws:a:::y", "arn:aws:a:::x/y");
  const pattern = fc.constantFrom("*", "arn:aws:a:::*", "arn:aws:a:::x", "arn:aws:a:::x/*", "arn:aws:*:::y");
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: fc.array(fc.constantFrom("*", "a:*", "*:Get", "a:Put"), { minLength: 1 }),
    Resource: fc.array(pattern, { minLength: 1 }),
  });
  const request = fc.record({ action, resource }).map(asked);
  const statements = fc.array(statement, { maxLength: 6 });

  it("deny what one denies or none allows", () => {
    fc.assert(
      fc.property(request, statements, (it, all) => {
        const applies = (one: (typeof all)[number]) => decided(it, { ...one, Effect: "Allow" }) === "allowed";
        const effects = all.filter(applies).map(({ Effect }) => Effect);
        const allowed = effects.length === 0 ? "implicitDeny" : "allowed";
        expect(decided(it, ...all)).toBe(effects.includes("Deny") ? "explicitDeny" : allowed);
      }),
    );
  });

  it("decide the same in any order, and allow no more with another deny", () => {
    fc.assert(
      fc.property(request, statements, statement, (it, all, added) => {
        expect(decided(it, ...all.toReversed())).toBe(decided(it, ...all));
        const denying = { ...added, Effect: "Deny" };
        if (decided(it, ...all, denying) === "allowed") expect(decided(it, ...all)).toBe("allowed");
      }),
    );
  });
});
