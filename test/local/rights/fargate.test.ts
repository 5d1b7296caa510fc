import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../../harness/a-cloud.ts";
import { until } from "../../../harness/until.ts";
import { type AttachedPolicy, evaluate } from "../../../local/gateway/policy/attached-policy.ts";
import type { AuthorizationRequest } from "../../../local/gateway/policy/authorization-request.ts";
import { anAssemblyWithSecret } from "./an-assembly-with-secret.ts";
import { type Piece, piecesOf } from "./pieces.ts";

// The rights of functions on Fargate, apart from those of the others: every-statement.test.ts.

/** Used by AWS itself only, with the reasons in every-statement.test.ts. */
const ONLY_IN_AWS = /AWSLambdaBasicExecutionRole|secretsmanager:DescribeSecret/;

/** More than fits into records. */
const BIG = "x".repeat(10_000);

const asked: AuthorizationRequest[] = [];
const denied: AuthorizationRequest[] = [];
let parent: string;
let policies: readonly AttachedPolicy[];

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), "epoque-rights-"));
  await using running = await aCloud({
    assembly: await anAssemblyWithSecret("test/fixtures/fargate-rights/defer", parent),
    dynamodb: "dynalite",
    onEvaluated: (request, { decision }) => void (decision === "allowed" ? asked : denied).push(request),
  });
  await journey(running);
  ({ policies } = running.cloud);
});

afterAll(() => rm(parent, { recursive: true }));

/** Runs all paths on which tasks, and the Lambda that launches them, call AWS. */
async function journey(running: RunningCloud): Promise<void> {
  const { calls, cloud, dynamodb } = running;
  const sqs = new SQSClient(running.client);
  const send = (queue: string, message: object) =>
    sqs.send(
      new SendMessageCommand({
        QueueUrl: `${running.client.endpoint}/000000000000/${queue}`,
        MessageBody: JSON.stringify(message),
      }),
    );
  const reaches = (id: string, state: string, attempt = 1) =>
    calls.until(id, (it) => it["state"] === state && it["attempt"] === attempt, 60_000);
  const killTasks = (family: RegExp) => {
    for (const { pid } of cloud.environments(family)) if (pid !== undefined) process.kill(-pid, "SIGKILL");
  };
  const aFile = async () => join(await mkdtemp(join(parent, "calls-")), "calls");
  const tableOf = (part: string) => cloud.resources.find(({ logicalId }) => logicalId.startsWith(part))?.physicalId;

  // Large arguments and a large result; and a message that comes more than once while the task is on its way.
  const large = await calls.enqueue("long", [BIG]);
  for (const _ of [1, 2, 3]) {
    await send("Epoque-fn-long", { executionId: large, revision: 0, functionName: "long", scheduledAtMs: 0 });
  }
  await calls.ended(large, 60_000);
  await seen("FargateLaunchRole", "ecs:DescribeTasks");

  // A retry at once, then a failure that another function is told of; and a retry in an hour, as the error asks for.
  const failing = await calls.enqueue("long", ["v", await aFile(), ["fail", "fail"]]);
  const later = await calls.enqueue("long", ["v", await aFile(), ["fail until later"]]);
  await reaches(failing, "failed", 2);
  await reaches(later, "created", 2);

  // Tasks that are killed: a retry at once, one in an hour, and an end with large arguments that was written by
  // another.
  const killed = await calls.enqueue("long", [BIG, await aFile(), ["hang", "hang"]]);
  const far = await calls.enqueue("longAndFar", ["v", await aFile(), ["hang"]]);
  await reaches(killed, "started");
  await reaches(far, "started");
  killTasks(/-fn-long/);
  await reaches(far, "created", 2);
  await reaches(killed, "started", 2);
  await writeEnd(killed, 2);
  killTasks(/-fn-long$/);
  await calls.ended(killed, 60_000);
  await seen("FargateLaunchRole", "s3:PutObjectTagging");

  // An outcome that another writer recorded first; and the same of a task whose retry is far.
  for (const name of ["long", "longAndFar"]) {
    const aborted = await calls.enqueue(name, [BIG, await aFile(), ["hang"]]);
    await reaches(aborted, "started");
    await writeEnd(aborted, 1);
    await calls.send("POST", `/${aborted}/cancellation`, { force: true });
    await calls.ended(aborted, 60_000);
  }
  const distant = await calls.enqueue("longAndFar", ["v", await aFile(), ["fail"]]);
  await reaches(distant, "created", 2);

  // A pause between the launch and the claim: the task parks its execution. The task may be quicker.
  for (let tries = 0; tries < 10 && !hasAsked("Functionlong", "dynamodb:PutItem", "", /^marker#/); tries++) {
    const id = await calls.enqueue("long", ["v"]);
    await until(
      () => record(id),
      ({ launch, state }) => launch !== undefined || state !== "created",
      30_000,
    );
    await calls.send("POST", "/../functions/long/pause");
    await until(
      () => record(id),
      ({ parkedIn, state }) => parkedIn !== undefined || state === "succeed",
      30_000,
    );
    await calls.send("POST", "/../functions/long/resume");
    await calls.ended(id, 60_000);
  }

  // Retries in more than a week, after attempts with large results.
  const retried = await Promise.all(
    ["long", "longAndFar"].map(async (name) => {
      const id = await calls.enqueue(name, [BIG, await aFile(), ["fail at length until next week"]]);
      await reaches(id, "created", 2);
      return id;
    }),
  );
  // Asked for a moment earlier: a message of the timer would wait for its minute in real time.
  await cloud.advanceClock(8 * 86_400_000 - 300_000);
  for (const id of retried) await calls.send("PATCH", `/${id}/schedule`, {});
  for (const id of retried) {
    await calls.ended(id, 60_000);
    // Earlier results are copied once the last one is stored.
    await seen("Function", "s3:GetObject", `${id}/1/result.json`);
  }

  // Invalid messages.
  for (const name of ["long", "longAndFar"]) await send(`Epoque-fn-${name}`, {});
  await send("Epoque-stopped", {});
  await seen("FargateLaunchRole", "sqs:ChangeMessageVisibility");

  async function record(id: string) {
    const Key = { id: { S: id }, kind: { S: "execution" } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName: tableOf("StorageExecutions"), Key }));
    const { launch, parkedIn } = Item?.["data"]?.M ?? {};
    return { launch, parkedIn, state: Item?.["state"]?.S };
  }

  async function writeEnd(id: string, number: number): Promise<void> {
    const TableName = tableOf("StorageAttempts");
    const Key = { execution_id: { S: failing }, number: { N: "1" } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
    const written = { ...Item, execution_id: { S: id }, number: { N: String(number) } };
    await dynamodb.send(new PutItemCommand({ TableName, Item: written }));
  }
}

/** Waits until a role has requested an action. */
async function seen(role: string, action: string, resource = ""): Promise<void> {
  await until(
    async () => (hasAsked(role, action, resource) ? "seen" : `${role} ${action}`),
    (is) => is === "seen",
    60_000,
  );
}

function hasAsked(role: string, action: string, resource = "", key = /./): boolean {
  return asked.some(
    ({ principal, ...it }) =>
      "role" in principal &&
      principal.role.includes(role) &&
      it.action === action &&
      it.resource.endsWith(resource) &&
      [it.context["dynamodb:LeadingKeys"] ?? "-"].flat().some((one) => key.test(one)),
  );
}

// The second function is there for what the Lambda does for it; its role is made as that of the first.
const isOfFargate = ({ attachedTo }: AttachedPolicy) =>
  /Fargate|Epoque-tasks\/|Epoque-stopped$/.test(attachedTo) && !attachedTo.includes("FunctionlongAndFar");

function isNeeded({ policy, without }: Piece): boolean {
  const rest = policies.map((it) => (it === policy ? without : it));
  return asked.some((it) => evaluate(it, rest).decision !== "allowed");
}

describe("the roles of tasks, and of the Lambda that launches them", () => {
  it("allow all requests of the product", () => {
    expect(denied).toEqual([]);
  });

  it("have no unneeded statement, action or resource", () => {
    const pieces = policies.filter(isOfFargate).flatMap(piecesOf);
    expect(pieces.length).toBeGreaterThan(50);
    const unneeded = pieces.filter(
      (piece) => piece.effect === "Allow" && !ONLY_IN_AWS.test(piece.name) && !isNeeded(piece),
    );
    expect(unneeded.map(({ name }) => name)).toEqual([]);
  });
});
