import { PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, it } from "vitest";
import { until } from "../../harness/until.ts";
import { aFunction, allowing, aMapping, anApi, aQueue, aRole, type Resources } from "./support/an-assembly.ts";
import { runCloud } from "./support/run-cloud.ts";

const ROLE = "arn:aws:iam::000000000000:role/worker";
const QUEUE_URL = "https://sqs.us-east-1.amazonaws.com/000000000000/queue";

/** Code that sends the command of its event and returns the outcome, or signs a URL for it. */
const code = `
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
export const handler = async ({ body }) => {
  const { client, command, input, isSigned } = JSON.parse(body);
  const sdk = await import("@aws-sdk/client-" + client.toLowerCase());
  const it = new sdk[client + "Client"]({ forcePathStyle: true, useQueueUrlAsEndpoint: false });
  const asked = new sdk[command + "Command"](input);
  if (isSigned) return getSignedUrl(it, asked);
  return it.send(asked).then(() => "done", ({ name, message }) => name + ": " + message);
};`;

/** Starts a cloud with a function in the role `worker`, a bucket with one object, and a queue. */
async function aWorker(policies: object[], more: Resources = {}) {
  const running = await runCloud({
    resources: {
      Role: aRole("lambda.amazonaws.com", { RoleName: "worker", Policies: policies }),
      Bucket: { Type: "AWS::S3::Bucket", Properties: { BucketName: "bucket" } },
      Queue: aQueue({ QueueName: "queue" }),
      F: aFunction("f", { Role: { "Fn::GetAtt": ["Role", "Arn"] } }),
      ...anApi("F", "$default"),
      ...more,
    },
    code: { f: code },
  });
  await running.s3.send(new PutObjectCommand({ Bucket: "bucket", Key: "a/1", Body: "hello" }));
  const call = async (body: object) => {
    const response = await fetch(running.cloud.apiEndpoint, { method: "POST", body: JSON.stringify(body) });
    return response.text();
  };
  return {
    ...running,
    get: (Key: string, isSigned = false) =>
      call({ client: "S3", command: "GetObject", input: { Bucket: "bucket", Key }, isSigned }),
    send: () => call({ client: "SQS", command: "SendMessage", input: { QueueUrl: QUEUE_URL, MessageBody: "x" } }),
  };
}

const policy = (Effect: string, Action: string, Resource: string, more = {}) => ({
  PolicyDocument: {
    Version: "2012-10-17",
    Statement: [{ Effect, Principal: { AWS: ROLE }, Action, Resource, ...more }],
  },
});

describe("a function", () => {
  it("has the permissions of its role, and no others", async () => {
    await using it = await aWorker([allowing("s3:GetObject", "arn:aws:s3:::bucket/a/*")]);
    expect(await it.get("a/1")).toBe("done");
    expect(await it.get("b/1")).toMatch(/^AccessDenied: .* s3:GetObject on resource: "arn:aws:s3:::bucket\/b\/1"/);
    expect(await it.send()).toBe(
      "AccessDenied: User: arn:aws:sts::000000000000:assumed-role/worker/f is not authorized to perform: sqs:sendmessage on resource: arn:aws:sqs:us-east-1:000000000000:queue because no identity-based policy allows the sqs:sendmessage action",
    );
  });

  it("has the permissions of a resource policy, unless either policy denies", async () => {
    const QueuePolicy = { Queues: [{ Ref: "Queue" }], ...policy("Allow", "sqs:SendMessage", "*") };
    const BucketPolicy = { Bucket: { Ref: "Bucket" }, ...policy("Deny", "s3:GetObject", "arn:aws:s3:::bucket/*") };
    await using it = await aWorker([allowing("s3:*", "*")], {
      QueuePolicy: { Type: "AWS::SQS::QueuePolicy", Properties: QueuePolicy },
      BucketPolicy: { Type: "AWS::S3::BucketPolicy", Properties: BucketPolicy },
    });
    expect(await it.send()).toBe("done");
    expect(await it.get("a/1")).toMatch(/with an explicit deny in a resource-based policy$/);
  });

  it("learns that an object is missing only with permission to list the bucket", async () => {
    const get = allowing("s3:GetObject", "*");
    await using it = await aWorker([get]);
    expect(await it.get("none")).toMatch(/^AccessDenied: .* s3:ListBucket on resource: "arn:aws:s3:::bucket"/);
    const list = { ...allowing("s3:ListBucket", "arn:aws:s3:::bucket"), PolicyName: "listing" };
    await using other = await aWorker([get, list]);
    expect(await other.get("none")).toMatch(/^NoSuchKey/);
  });

  it("signs URLs within its own permissions only", async () => {
    await using it = await aWorker([allowing("s3:GetObject", "arn:aws:s3:::bucket/a/*")]);
    expect(await (await fetch(await it.get("a/1", true))).text()).toBe("hello");
    const refused = await fetch(await it.get("b/1", true));
    expect([refused.status, await refused.text()]).toEqual([403, expect.stringContaining("<Code>AccessDenied</Code>")]);
  });
});

describe("a service", () => {
  it("does not call a function whose policy does not allow it", async () => {
    const api = Object.entries(anApi("F", "GET /a/{id}", "$default")).filter(([id]) => id !== "Permission");
    const permission = {
      Type: "AWS::Lambda::Permission",
      Properties: {
        Action: "lambda:InvokeFunction",
        FunctionName: { Ref: "F" },
        Principal: "apigateway.amazonaws.com",
        SourceArn: {
          "Fn::Join": ["", ["arn:aws:execute-api:us-east-1:000000000000:", { Ref: "Api" }, "/*/GET/a/{id}"]],
        },
      },
    };
    const resources = { F: aFunction("f"), ...Object.fromEntries(api), Permission: permission };
    const f = "export const handler = async () => 'called';";
    await using it = await runCloud({ resources, code: { f } });
    const status = async (path: string) => (await fetch(`${it.cloud.apiEndpoint}${path}`)).status;
    expect([await status("/a/1"), await status("/b")]).toEqual([200, 500]);
    expect(it.lines).toContain(
      "apigateway.amazonaws.com may not lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:f: no policy allows it",
    );
  });

  it("calls the target of a schedule with the permissions of its role", async () => {
    const Target = {
      Arn: { "Fn::GetAtt": ["Queue", "Arn"] },
      RoleArn: { "Fn::GetAtt": ["Role", "Arn"] },
    };
    const schedule = { ScheduleExpression: "rate(1 minute)", FlexibleTimeWindow: { Mode: "OFF" }, Target };
    await using it = await runCloud(
      {
        resources: {
          Queue: aQueue(),
          Role: aRole("scheduler.amazonaws.com", { Policies: [allowing("sqs:ReceiveMessage", "*")] }),
          Schedule: { Type: "AWS::Scheduler::Schedule", Properties: schedule },
        },
      },
      { random: () => 0 },
    );
    await it.cloud.advanceClock(60_000);
    const isRefusal = (line: string) => line.includes("cannot call its target: AccessDenied: User: arn:aws:sts");
    await until(
      () => it.lines,
      (lines) => lines.some(isRefusal),
    );
  });
});

describe("a template is refused", () => {
  const trusted = aRole("lambda.amazonaws.com", { RoleName: "worker" });
  const F = aFunction("f", { Role: ROLE });
  it.for<[string, Resources, string]>([
    [
      "whose function has a role that Lambda may not assume",
      { Role: aRole("scheduler.amazonaws.com", { RoleName: "worker" }), F },
      "Main/F (AWS::Lambda::Function): The role defined for the function cannot be assumed by Lambda.",
    ],
    ["whose function has a role that is not there", { F }, "cannot be assumed by Lambda"],
    [
      "whose function may not read its queue",
      { Role: trusted, F, Queue: aQueue(), M: aMapping("Queue", "F") },
      "The provided execution role does not have permissions to call ReceiveMessage on SQS",
    ],
    [
      "with an unsupported condition",
      {
        Role: aRole("lambda.amazonaws.com", {
          Policies: [
            {
              PolicyName: "p",
              PolicyDocument: policy("Allow", "s3:*", "*", {
                Principal: undefined,
                Condition: { IpAddress: { "aws:SourceIp": "10.0.0.0/8" } },
              }).PolicyDocument,
            },
          ],
        }),
      },
      "Main/Role (AWS::IAM::Role): the condition operator IpAddress is not known here",
    ],
    [
      "with an unsupported managed policy",
      { Role: aRole("lambda.amazonaws.com", { ManagedPolicyArns: ["arn:aws:iam::aws:policy/Mine"] }) },
      "the managed policy arn:aws:iam::aws:policy/Mine is not known here",
    ],
  ])("%s", async ([, resources, message]) => {
    await expect(runCloud({ resources, code: { f: "" } })).rejects.toThrow(message);
  });
});
