import { describe, expect, it } from "vitest";
import { callOf } from "../../../local/gateway/call.ts";
import type { GatewayRequest } from "../../../local/gateway/messages.ts";
import { permissionsWith } from "../../../local/gateway/permissions/permissions.ts";

const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;
const T = arn("dynamodb", "table/t");
const U = arn("dynamodb", "table/u");
const QUEUE = "http://gateway/000000000000/q";

function needed(service: string, changes: Partial<GatewayRequest>): string[] {
  const request = {
    method: "POST",
    url: "/",
    headers: {},
    body: Buffer.alloc(0),
    signal: new AbortController().signal,
    ...changes,
  };
  const call = callOf(service, request, { kind: "function", functionName: "f", roleArn: "arn:role" });
  return permissionsWith(() => "id")(call, request).map(({ action, resource }) => `${action} ${resource}`);
}

describe("the permissions of a call", () => {
  it.for<[service: string, action: string, parameters: object, needed: string[]]>([
    ["dynamodb", "PutItem", { TableName: "t" }, [`dynamodb:PutItem ${T}`]],
    ["dynamodb", "PutItem", { TableName: T }, [`dynamodb:PutItem ${T}`]],
    ["dynamodb", "Query", { TableName: "t" }, [`dynamodb:Query ${T}`]],
    ["dynamodb", "Query", { TableName: "t", IndexName: "i" }, [`dynamodb:Query ${T}/index/i`]],
    ["dynamodb", "Scan", { TableName: "t", IndexName: "i" }, [`dynamodb:Scan ${T}/index/i`]],
    ["dynamodb", "ListTables", {}, ["dynamodb:ListTables *"]],
    [
      "dynamodb",
      "BatchGetItem",
      { RequestItems: { t: {}, u: {} } },
      [`dynamodb:BatchGetItem ${T}`, `dynamodb:BatchGetItem ${U}`],
    ],
    ["dynamodb", "BatchWriteItem", { RequestItems: { t: [{ PutRequest: {} }] } }, [`dynamodb:BatchWriteItem ${T}`]],
    [
      "dynamodb",
      "TransactWriteItems",
      {
        TransactItems: [
          { Put: { TableName: "t" } },
          { Update: { TableName: "t" } },
          { Delete: { TableName: "u" } },
          { ConditionCheck: { TableName: "u" } },
        ],
      },
      [
        `dynamodb:PutItem ${T}`,
        `dynamodb:UpdateItem ${T}`,
        `dynamodb:DeleteItem ${U}`,
        `dynamodb:ConditionCheckItem ${U}`,
      ],
    ],
    ["dynamodb", "TransactGetItems", { TransactItems: [{ Get: { TableName: "t" } }] }, [`dynamodb:GetItem ${T}`]],
    ["sqs", "SendMessage", { QueueUrl: QUEUE }, [`sqs:SendMessage ${arn("sqs", "q")}`]],
    ["sqs", "SendMessageBatch", { QueueUrl: QUEUE }, [`sqs:SendMessage ${arn("sqs", "q")}`]],
    ["sqs", "DeleteMessageBatch", { QueueUrl: QUEUE }, [`sqs:DeleteMessage ${arn("sqs", "q")}`]],
    ["sqs", "ChangeMessageVisibilityBatch", { QueueUrl: QUEUE }, [`sqs:ChangeMessageVisibility ${arn("sqs", "q")}`]],
    ["sqs", "ListQueues", {}, ["sqs:ListQueues *"]],
    [
      "secretsmanager",
      "GetSecretValue",
      { SecretId: arn("secretsmanager", "secret:s-abcdef") },
      [`secretsmanager:GetSecretValue ${arn("secretsmanager", "secret:s-abcdef")}`],
    ],
    [
      "secretsmanager",
      "BatchGetSecretValue",
      { SecretIdList: [arn("secretsmanager", "secret:s-abcdef"), arn("secretsmanager", "secret:t-abcdef")] },
      [
        "secretsmanager:BatchGetSecretValue *",
        `secretsmanager:GetSecretValue ${arn("secretsmanager", "secret:s-abcdef")}`,
        `secretsmanager:GetSecretValue ${arn("secretsmanager", "secret:t-abcdef")}`,
      ],
    ],
  ])("%s %s %j", ([service, action, parameters, expected]) => {
    const headers = { "x-amz-target": `Some_20120810.${action}` };
    expect(needed(service, { headers, body: Buffer.from(JSON.stringify(parameters)) })).toEqual(expected);
  });

  it("name the ARN of a secret that is requested by name", () => {
    const headers = { "x-amz-target": "secretsmanager.GetSecretValue" };
    const [permission] = needed("secretsmanager", { headers, body: Buffer.from('{"SecretId":"mine/key"}') });
    expect(permission).toMatch(
      /^secretsmanager:GetSecretValue arn:aws:secretsmanager:.*:secret:mine\/key-[0-9a-f]{6}$/,
    );
  });

  it.for<[method: string, url: string, headers: Record<string, string>, needed: string[]]>([
    ["GET", "/b/k%20x", {}, ["s3:GetObject arn:aws:s3:::b/k x"]],
    ["HEAD", "/b/k", {}, ["s3:GetObject arn:aws:s3:::b/k"]],
    ["PUT", "/b/k", {}, ["s3:PutObject arn:aws:s3:::b/k"]],
    ["POST", "/b/k?uploads", {}, ["s3:PutObject arn:aws:s3:::b/k"]],
    [
      "PUT",
      "/b/k",
      { "x-amz-copy-source": "/c/a%20b" },
      ["s3:GetObject arn:aws:s3:::c/a b", "s3:PutObject arn:aws:s3:::b/k"],
    ],
    ["DELETE", "/b/k", {}, ["s3:DeleteObject arn:aws:s3:::b/k"]],
    ["GET", "/b?list-type=2", {}, ["s3:ListBucket arn:aws:s3:::b"]],
    ["HEAD", "/b", {}, ["s3:ListBucket arn:aws:s3:::b"]],
  ])("s3 %s %s", ([method, url, headers, expected]) => {
    expect(needed("s3", { method, url, headers })).toEqual(expected);
  });

  it("are unknown for an unsupported operation of S3", () => {
    expect(() => needed("s3", { method: "POST", url: "/b?delete" })).toThrow("what permissions DeleteObjects needs");
  });

  it.for([
    ["POST", "CreateSchedule"],
    ["PUT", "UpdateSchedule"],
  ] as const)("scheduler %s: also to hand the role on", ([method, action]) => {
    const body = Buffer.from(JSON.stringify({ GroupName: "g", Target: { RoleArn: "arn:aws:iam::1:role/r" } }));
    expect(needed("scheduler", { method, url: "/schedules/s", body })).toEqual([
      `scheduler:${action} ${arn("scheduler", "schedule/g/s")}`,
      "iam:PassRole arn:aws:iam::1:role/r",
    ]);
    expect(needed("scheduler", { method: "DELETE", url: "/schedules/s?groupName=g" })).toEqual([
      `scheduler:DeleteSchedule ${arn("scheduler", "schedule/g/s")}`,
    ]);
  });
});
