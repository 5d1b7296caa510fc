import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud } from "../../../harness/a-cloud.ts";
import { type AttachedPolicy, evaluate } from "../../../local/gateway/policy/attached-policy.ts";
import type { AuthorizationRequest } from "../../../local/gateway/policy/authorization-request.ts";
import type { DeployedResource } from "../../../local/template/deployment.ts";
import { anAssemblyWithSecret } from "./an-assembly-with-secret.ts";
import { journey } from "./journey.ts";
import { type Piece, piecesOf } from "./pieces.ts";
import { whileParking } from "./while-parking.ts";

/** Permissions that only AWS itself uses, each with the reason for the grant. */
const ONLY_IN_AWS: Readonly<Record<string, string>> = {
  "logs:CreateLogGroup": "Lambda writes the log in the function's role; AWS's own policy has this with it",
  "logs:CreateLogStream": "Lambda writes the log in the function's role",
  "logs:PutLogEvents": "Lambda writes the log in the function's role",
  "secretsmanager:DescribeSecret": "the CDK's grant for a secret of the user, which also knows of keys of its own",
};

let parent: string;
let policies: readonly AttachedPolicy[];
let resources: readonly DeployedResource[];
const allowed = new Map<string, AuthorizationRequest>();
const denied: AuthorizationRequest[] = [];

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "epoque-rights-"));
  const asked: AuthorizationRequest[] = [];
  const parking = whileParking();
  await using running = await aCloud({
    assembly: await anAssemblyWithSecret("test/fixtures/rights/defer", parent),
    dynamodb: "dynalite",
    random: () => 0,
    interceptors: [parking.interceptor],
    onEvaluated(request, { decision }) {
      if (decision !== "allowed") denied.push(request);
      else asked.push(request);
    },
  });
  await journey(running, asked, parking);
  for (const request of asked) allowed.set(JSON.stringify(request), request);
  ({ policies, resources } = running.cloud);
});

afterAll(() => rm(parent, { recursive: true }));

const isOnlyInAws = ({ actions }: Piece) => actions.every((action) => action in ONLY_IN_AWS);

/** Returns whether removing a piece denies a request of the product or, for a deny, allows one that must be denied. */
function isNeeded({ policy, without, effect }: Piece): boolean {
  const rest = policies.map((it) => (it === policy ? without : it));
  if (effect === "Allow") return [...allowed.values()].some((it) => evaluate(it, rest).decision !== "allowed");
  return overHttp(policy).some(
    (it) => evaluate(it, policies).decision === "explicitDeny" && evaluate(it, rest).decision !== "explicitDeny",
  );
}

/** Requests without TLS, which the local cloud does not serve, and one for each resource without a call. */
function overHttp({ attachedTo }: AttachedPolicy): AuthorizationRequest[] {
  const action = attachedTo.startsWith("arn:aws:s3:") ? "s3:ListBucket" : "sqs:ReceiveMessage";
  const anybody = { principal: { role: "arn:aws:iam::000000000000:role/anybody" }, action, resource: attachedTo };
  const context = { "aws:SecureTransport": "false" };
  return [anybody, ...allowed.values()].map((it) => ({ ...it, context }));
}

const HOLDS_POLICIES = /^AWS::(IAM::(Role|Policy)|SQS::QueuePolicy|S3::BucketPolicy|Lambda::Permission)$/;

describe("the roles and policies of the stacks", () => {
  it("are all considered", () => {
    const holders = resources.filter(({ type }) => HOLDS_POLICIES.test(type)).map(({ physicalId }) => physicalId);
    const known = policies.map(({ attachedTo, name }) => `${attachedTo} ${name}`);
    expect(holders.length).toBeGreaterThan(15);
    expect(holders.filter((id) => !known.some((it) => it.includes(id)))).toEqual([]);
  });

  it("allow all requests of the product", () => {
    expect(denied).toEqual([]);
  });

  it("have no unneeded statement, action or resource", () => {
    const pieces = policies.flatMap(piecesOf).filter((piece) => !isOnlyInAws(piece));
    expect(pieces.filter((piece) => !isNeeded(piece)).map(({ name }) => name)).toEqual([]);
  });

  it("have the permissions that only AWS needs", () => {
    const actions = new Set(policies.flatMap(piecesOf).flatMap((piece) => piece.actions));
    expect(Object.keys(ONLY_IN_AWS).filter((action) => !actions.has(action))).toEqual([]);
    const asked = new Set([...allowed.values()].map(({ action }) => action));
    expect(Object.keys(ONLY_IN_AWS).filter((action) => asked.has(action))).toEqual([]);
  });
});
