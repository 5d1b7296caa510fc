import { describe, expect, it } from "vitest";
import { aManifest, templatesFor } from "../../harness/templates.ts";

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

function resourcesOf(
  options: NonNullable<Parameters<typeof templatesFor>[1]>,
  ...names: string[]
): Record<"stateful" | "stateless", Record<string, Resource>> {
  const manifests = names.map((name) => aManifest({ name, cron: "0 9 * * *" }));
  const { stateful, stateless } = templatesFor([...manifests, aManifest({ name: "oneByOne", concurrency: 1 })], {
    alarmEmail: "on-call@example.com",
    ...options,
  });
  const resources = (template: typeof stateful) =>
    (template.toJSON() as { Resources: Record<string, Resource> }).Resources;
  return { stateful: resources(stateful), stateless: resources(stateless) };
}

const { stateful, stateless } = resourcesOf({}, "one");
const ofType = (type: string) =>
  Object.values({ ...stateful, ...stateless })
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties);
const typesOf = (resources: Record<string, Resource>) => [...new Set(Object.values(resources).map(({ Type }) => Type))];

describe("the resources", () => {
  // A new type costs something, needs a right to be deployed, and has to be known to the local cloud.
  it("are of these types and no others", () => {
    expect(typesOf(stateful).sort()).toEqual([
      "AWS::DynamoDB::GlobalTable",
      "AWS::S3::Bucket",
      "AWS::S3::BucketPolicy",
      "AWS::SecretsManager::Secret",
    ]);
    expect(typesOf(stateless).sort()).toEqual([
      "AWS::ApiGatewayV2::Api",
      "AWS::ApiGatewayV2::Integration",
      "AWS::ApiGatewayV2::Route",
      "AWS::ApiGatewayV2::Stage",
      "AWS::CloudWatch::Alarm",
      "AWS::CloudWatch::Dashboard",
      "AWS::IAM::Policy",
      "AWS::IAM::Role",
      "AWS::Lambda::EventInvokeConfig",
      "AWS::Lambda::EventSourceMapping",
      "AWS::Lambda::Function",
      "AWS::Lambda::Permission",
      "AWS::Logs::LogGroup",
      "AWS::SNS::Subscription",
      "AWS::SNS::Topic",
      "AWS::SNS::TopicPolicy",
      "AWS::SQS::Queue",
      "AWS::SQS::QueuePolicy",
      "AWS::Scheduler::Schedule",
      "AWS::Scheduler::ScheduleGroup",
    ]);
  });

  it("are one more with events, which every Lambda may put on that bus and nowhere else", () => {
    const { stateful: statefulToo, stateless: withEvents } = resourcesOf({ events: true }, "one");
    expect(statefulToo).toEqual(stateful);
    const added = Object.keys(withEvents).filter((id) => stateless[id] === undefined);
    expect(added.map((id) => withEvents[id]?.Type)).toEqual(["AWS::Events::EventBus"]);
    const all = Object.values(withEvents);
    const lambdas = all.filter(({ Type }) => Type === "AWS::Lambda::Function");
    const told = lambdas.filter(({ Properties }) => JSON.stringify(Properties).includes('"EPOQUE_EVENT_BUS"'));
    expect(told).toHaveLength(lambdas.length);
    const allowed = all.flatMap(({ Type, Properties }) =>
      Type === "AWS::IAM::Role" ? statementsOf(Properties).filter(({ Action }) => Action === "events:PutEvents") : [],
    );
    const Resource = { "Fn::GetAtt": [added[0], "Arn"] };
    expect(allowed).toHaveLength(lambdas.length);
    for (const statement of allowed) expect(statement).toMatchObject({ Effect: "Allow", Resource });
    expect(JSON.stringify(stateless)).not.toMatch(/EVENT_BUS|events:/);
  });

  it("are fewer than CloudFormation's 500 with sixty functions", () => {
    const many = Object.keys(
      resourcesOf({ events: true }, ...Array.from({ length: 59 }, (_, index) => `f${index}`)).stateless,
    );
    expect(many.length).toBeLessThan(500);
  });
});

describe("what is kept", () => {
  it("is encrypted", () => {
    expect(ofType("AWS::S3::Bucket")[0]).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true },
    });
    const queues = ofType("AWS::SQS::Queue");
    expect(queues.every((queue) => queue["SqsManagedSseEnabled"] === true)).toBe(true);
  });

  it("is spoken to by TLS only", () => {
    const policies = [...ofType("AWS::SQS::QueuePolicy"), ...ofType("AWS::S3::BucketPolicy")];
    expect(policies).toHaveLength(ofType("AWS::SQS::Queue").length + 1);
    for (const policy of policies) {
      expect(policy).toMatchObject({
        PolicyDocument: {
          Statement: expect.arrayContaining([
            expect.objectContaining({ Effect: "Deny", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
          ]) as unknown,
        },
      });
    }
  });
});

describe("a queue", () => {
  it("hides a message six times as long as its Lambda may take, and sets aside what fails again and again", () => {
    const timeouts = ofType("AWS::Lambda::EventSourceMapping").map((mapping) => {
      const queue = named(mapping["EventSourceArn"]);
      // Dead-lettered messages come back late; in a FIFO queue a failing message blocks the ones behind it.
      expect(queue["RedrivePolicy"]).toMatchObject({ maxReceiveCount: queue["FifoQueue"] ? 10 : 1_000 });
      expect(named((queue["RedrivePolicy"] as Record<string, unknown>)["deadLetterTargetArn"])["FifoQueue"]).toBe(
        queue["FifoQueue"],
      );
      return Number(queue["VisibilityTimeout"]) / Number(named(mapping["FunctionName"])["Timeout"]);
    });
    expect(Math.min(...timeouts)).toBe(6);
  });
});

describe("a Lambda", () => {
  it("has a log that is kept for a month", () => {
    expect(ofType("AWS::Logs::LogGroup").every((group) => group["RetentionInDays"] === 30)).toBe(true);
    expect(ofType("AWS::Logs::LogGroup")).toHaveLength(ofType("AWS::Lambda::Function").length);
  });

  it("is traced only where somebody asks for it", () => {
    expect(JSON.stringify(stateless)).not.toMatch(/xray:|TracingConfig/);
    const traced = Object.values(resourcesOf({ tracing: true }, "one").stateless);
    const lambdas = traced.filter(({ Type }) => Type === "AWS::Lambda::Function");
    expect(lambdas.map(({ Properties }) => Properties["TracingConfig"])).toEqual(
      lambdas.map(() => ({ Mode: "Active" })),
    );
  });

  it("reserves concurrency only where somebody asks for it", () => {
    expect(JSON.stringify(stateless)).not.toContain("ReservedConcurrentExecutions");
    const reserving = Object.values(resourcesOf({ reservedConcurrency: { api: 50, sweep: 1 } }, "one").stateless);
    const reserved = reserving
      .filter(({ Properties }) => "ReservedConcurrentExecutions" in Properties)
      .map(({ Properties }) => [Properties["FunctionName"], Properties["ReservedConcurrentExecutions"]]);
    expect(Object.fromEntries(reserved)).toEqual({ "Epoque-api": 50, "Epoque-sweep": 1 });
  });

  it.for([128, 255, 300.5, 10_241])("of a function cannot have %s MB", (memorySize) => {
    expect(() => templatesFor([aManifest()], { memorySize })).toThrow(
      `memorySize of importContacts must be a whole number of MB from 256 to 10240, not ${memorySize}: the runner`,
    );
  });
});

describe("the API's stage", () => {
  it("is throttled only where somebody asks for it", () => {
    expect(ofType("AWS::ApiGatewayV2::Stage")[0]).not.toHaveProperty("DefaultRouteSettings");
    const throttled = Object.values(resourcesOf({ throttling: { requestsPerSecond: 50 } }, "one").stateless);
    expect(throttled.find(({ Type }) => Type === "AWS::ApiGatewayV2::Stage")?.Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 50 },
    });
    const burst = -1;
    expect(() => templatesFor([aManifest()], { throttling: { requestsPerSecond: 50, burst } })).toThrow(
      'burst of "throttling" must be a whole number of at least 1, not -1',
    );
  });
});

/** Returns the allowed actions of a role's inline policies. */
function statementsOf(role: Record<string, unknown>): { Effect: string; Action: unknown; Resource: unknown }[] {
  const policies = (role["Policies"] ?? []) as { PolicyDocument: { Statement: ReturnType<typeof statementsOf> } }[];
  return policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

/** The resource that a `Ref` or `Fn::GetAtt` names. */
function named(reference: unknown): Record<string, unknown> {
  const [target] = Object.values(reference as Record<string, string | string[]>);
  const id = Array.isArray(target) ? target[0] : target;
  return stateless[String(id)]?.Properties ?? {};
}
