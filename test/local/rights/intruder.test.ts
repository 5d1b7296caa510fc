import { beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../../harness/a-cloud.ts";

// The user's code shares its Lambda, and so its role, with our runner: docs/decisions/0002, 0021.

/** More than fits into records. */
const BIG = "x".repeat(10_000);

let outcomes: Record<string, string>;

beforeAll(async () => {
  await using running = await aCloud({ functions: "test/fixtures/intruder/defer", dynamodb: "dynalite" });
  const { calls } = running;
  const other = await calls.enqueue("bystander", [BIG]);
  await calls.ended(other);
  const own = await calls.enqueue("intruder", [hearsay(running, other, "none"), BIG]);
  await calls.ended(own);
  const id = await calls.enqueue("intruder", [hearsay(running, other, own)]);
  await calls.ended(id);
  outcomes = (await calls.result(id)) as Record<string, string>;
});

function hearsay({ cloud }: RunningCloud, other: string, own: string) {
  const find = (logicalId: RegExp) =>
    cloud.resources.find((it) => logicalId.test(it.logicalId) && it.type !== "AWS::IAM::Policy")?.physicalId ?? "";
  return {
    executions: find(/^StorageExecutions/),
    attempts: find(/^StorageAttempts/),
    bucket: find(/^StoragePayloads/),
    apiToken: find(/^StorageApiToken/),
    signingKey: find(/^StorageSigningKey/),
    queues: {
      own: find(/^FunctionintruderMessages/),
      others: find(/^FunctionbystanderMessages/),
      fire: find(/^SchedulingFireQueue/),
    },
    group: find(/^SchedulingSchedules/),
    fireQueueArn: "arn:aws:sqs:us-east-1:000000000000:Epoque-fire",
    schedulerRole: `arn:aws:iam::000000000000:role/${find(/^SchedulingSchedulerRole/)}`,
    others: { id: other, key: `arguments/bystander/${other}.json` },
    own: { id: own, key: `arguments/intruder/${own}.json` },
  };
}

const ROLE = String.raw`User: arn:aws:sts::000000000000:assumed-role/Epoque-stateless-FunctionintruderRunRole\w+/Epoque-fn-intruder`;

const refused = (start: string, action: string, resource: string) =>
  new RegExp(
    `^${start}: ${ROLE} is not authorized to perform: ${action} on resource: ${resource} because no identity-based policy allows the ${action} action$`,
  );

describe("a user's code cannot", () => {
  it.for<[what: string, start: string, action: string, resource: string]>([
    ["read the API token", "400 AccessDeniedException", "secretsmanager:GetSecretValue", "arn:.*ApiToken.*"],
    ["read the signing key", "400 AccessDeniedException", "secretsmanager:GetSecretValue", "arn:.*SigningKey.*"],
    ["set the API token", "400 AccessDeniedException", "secretsmanager:PutSecretValue", "arn:.*ApiToken.*"],
    ["scan the executions", "400 AccessDeniedException", "dynamodb:Scan", "arn:.*Executions\\w*"],
    ["list executions", "400 AccessDeniedException", "dynamodb:Query", "arn:.*Executions\\w*/index/all"],
    ["read another's record by its id", "400 AccessDeniedException", "dynamodb:GetItem", "arn:.*Executions\\w*"],
    ["rewrite another's record", "400 AccessDeniedException", "dynamodb:PutItem", "arn:.*Executions\\w*"],
    ["write a record under no id of its own", "400 AccessDeniedException", "dynamodb:PutItem", "arn:.*Executions\\w*"],
    ["write a token", "400 AccessDeniedException", "dynamodb:PutItem", "arn:.*Executions\\w*"],
    ["query another's items", "400 AccessDeniedException", "dynamodb:Query", "arn:.*Executions\\w*"],
    ["read both in a transaction", "400 AccessDeniedException", "dynamodb:GetItem", "arn:.*Executions\\w*"],
    ["select another's record", "400 AccessDeniedException", "dynamodb:ExecuteStatement", ".*"],
    ["read another's result by its id", "400 AccessDeniedException", "dynamodb:GetItem", "arn:.*Attempts\\w*"],
    ["rewrite another's result", "400 AccessDeniedException", "dynamodb:PutItem", "arn:.*Attempts\\w*"],
    ["delete another's record", "400 AccessDeniedException", "dynamodb:DeleteItem", "arn:.*Executions\\w*"],
    ["read another's arguments", "403 AccessDenied", "s3:GetObject", '"arn:.*/arguments/bystander/.*"'],
    ["replace another's arguments", "403 AccessDenied", "s3:PutObject", '"arn:.*/arguments/bystander/.*"'],
    ["list all objects", "403 AccessDenied", "s3:ListBucket", '"arn:aws:s3:::[\\w-]+"'],
    ["see whether an object of its own is there", "403 AccessDenied", "s3:ListBucket", '"arn:aws:s3:::[\\w-]+"'],
    ["send to another's queue", "403 AccessDenied", "sqs:sendmessage", "arn:.*:Epoque-fn-bystander"],
    ["send to the fire queue", "403 AccessDenied", "sqs:sendmessage", "arn:.*:Epoque-fire"],
    ["take from another's queue", "403 AccessDenied", "sqs:receivemessage", "arn:.*:Epoque-fn-bystander"],
    ["set the timer", "403 AccessDeniedException", "scheduler:CreateSchedule", "arn:.*:schedule/Epoque-timer/mine"],
    ["cancel a timer", "403 AccessDeniedException", "scheduler:DeleteSchedule", "arn:.*:schedule/Epoque-timer/mine"],
  ])("%s", ([what, start, action, resource]) => {
    expect(outcomes[what]).toMatch(refused(start, action, resource));
  });
});

describe("a user's code can, because its runner must", () => {
  it.for(["read the arguments of its own executions", "read its own record", "send to its own queue"])("%s", (what) => {
    expect(outcomes[what]).toBe("done");
  });
});
