import { Stack } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { type IVpc, Vpc } from "aws-cdk-lib/aws-ec2";
import { Bucket } from "aws-cdk-lib/aws-s3";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aManifest, templatesFor, withStack } from "../../harness/templates.ts";
import { logOf } from "../../lambdas/aws/worker-log.ts";
import { taskSize } from "../../lib/fargate/task-size.ts";

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
}

const long = (name = "renderFilm", more = {}) =>
  aManifest({ name, compute: "fargate", maxDurationSeconds: 3_600, ...more });

const resourcesOf = (...given: Parameters<typeof templatesFor>) =>
  (templatesFor(...given).stateless.toJSON() as { Resources: Record<string, Resource> }).Resources;

const ofType = (resources: Record<string, Resource>, type: string) =>
  Object.values(resources).filter((it) => it.Type === type);

describe("an app without a long function", () => {
  it("has none of these resources, and nothing that names them", () => {
    const resources = resourcesOf([aManifest(), aManifest({ name: "other" })], { events: true });
    const types = Object.values(resources).map(({ Type }) => Type);
    expect(types.filter((type) => /^AWS::(ECS|EC2)::|^AWS::Events::Rule$/.test(type))).toEqual([]);
    expect(JSON.stringify(resources)).not.toMatch(/Fargate|Epoque-launch|ecs:|ecs-tasks/);
  });

  it("is the same to the byte whatever the code is that launches tasks", () => {
    const textOf = (changes?: Parameters<typeof templatesFor>[2]) => {
      const { stateful, stateless } = templatesFor(
        [aManifest(), aManifest({ name: "other", concurrency: 1 })],
        {},
        changes,
      );
      return JSON.stringify([stateful, stateless]);
    };
    expect(textOf({ launch: "/nowhere", loader: "/nowhere/index.mjs" })).toBe(textOf());
  });

  it("keeps what it has to the byte when a long one is added, but for what must wait for the new queue and what watches", () => {
    const before = resourcesOf([aManifest()]);
    const watches = new Set(["AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard"]);
    const withoutOrder = (resources: Record<string, Resource>) =>
      Object.fromEntries(
        Object.entries(resources)
          .filter(([id, { Type }]) => id in before && !watches.has(Type))
          .map(([id, { Type, Properties }]) => [id, { Type, Properties }]),
      );
    const extended = withoutOrder(resourcesOf([aManifest(), long()]));
    expect(JSON.stringify(extended)).toBe(JSON.stringify(withoutOrder(before)));
  });
});

describe("a long function", () => {
  const resources = resourcesOf([aManifest(), long("renderFilm", { config: { memory: 3_000 } }), long("other")]);
  const [definition] = ofType(resources, "AWS::ECS::TaskDefinition");
  const [container] = (definition?.Properties["ContainerDefinitions"] ?? []) as Record<string, unknown>[];

  it("has a queue, a role and a task definition of its own, and no Lambda", () => {
    const types = Object.entries(resources)
      .filter(([id]) => id.startsWith("FunctionrenderFilm"))
      .map(([, { Type }]) => Type);
    expect(types.sort()).toEqual([
      "AWS::ECS::TaskDefinition",
      "AWS::IAM::Role",
      "AWS::SQS::Queue",
      "AWS::SQS::QueuePolicy",
    ]);
    const lambdas = ofType(resources, "AWS::Lambda::Function").map(({ Properties }) => Properties["FunctionName"]);
    expect(lambdas.sort()).toEqual([
      "Epoque-api",
      "Epoque-bulk",
      "Epoque-fire",
      "Epoque-fn-importContacts",
      "Epoque-launch",
      "Epoque-sweep",
    ]);
  });

  it("runs on arm64, with memory rounded up and a processor for every 2 GB", () => {
    expect(definition?.Properties).toMatchObject({
      Family: "Epoque-fn-renderFilm",
      Cpu: "1024",
      Memory: "3072",
      NetworkMode: "awsvpc",
      RequiresCompatibilities: ["FARGATE"],
      RuntimePlatform: { CpuArchitecture: "ARM64", OperatingSystemFamily: "LINUX" },
    });
  });

  it("runs AWS's own image by its own loader, read-only, and has time to end", () => {
    expect(container).toMatchObject({
      Name: "run",
      Image: "public.ecr.aws/lambda/nodejs:24",
      EntryPoint: ["/var/lang/bin/node", "--eval"],
      Command: ["// loader"],
      ReadonlyRootFilesystem: true,
      StopTimeout: 120,
      LinuxParameters: { InitProcessEnabled: true },
    });
  });

  it("writes its log where the API reads it, and the group goes with the stack", () => {
    const prefix = /"EPOQUE_LOG_GROUP_PREFIX":"([^"]+)"/.exec(JSON.stringify(resources))?.[1] ?? "";
    const expected = logOf(prefix, "renderFilm", { task: "task/Epoque-tasks/0f3a" });
    const configuration = container?.["LogConfiguration"] as { Options: Record<string, unknown> } | undefined;
    const options = configuration?.Options ?? {};
    const group = resources[(options["awslogs-group"] as { Ref: string }).Ref];
    expect(group).toMatchObject({ Properties: { LogGroupName: expected.group }, DeletionPolicy: "Delete" });
    expect(`${String(options["awslogs-stream-prefix"])}/${String(container?.["Name"])}/0f3a`).toBe(expected.stream);
  });

  it("has a log that ECS alone may write, in a role that may do nothing else", () => {
    const writers = Object.entries(resources).filter(([, it]) => JSON.stringify(it).includes("logs:PutLogEvents"));
    const group = Object.keys(resources).find((id) => id.startsWith("FargateLogs"));
    const statement = {
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: { "Fn::GetAtt": [group, "Arn"] },
    };
    expect(writers).toEqual([
      [
        expect.stringMatching(/^FargateExecutionRole/),
        expect.objectContaining({
          Properties: expect.objectContaining({
            Policies: [
              {
                PolicyDocument: { Statement: [{ ...statement, Effect: "Allow" }], Version: "2012-10-17" },
                PolicyName: "rights",
              },
            ],
          }) as unknown,
        }),
      ],
    ]);
  });

  it("is launched from its queue, all of them by one Lambda, which may be part of a chain through SQS", () => {
    const [launch] = Object.entries(resources).find(
      ([, { Type, Properties }]) => Type === "AWS::Lambda::Function" && Properties["FunctionName"] === "Epoque-launch",
    ) as [string, Resource];
    const read = ofType(resources, "AWS::Lambda::EventSourceMapping").filter(
      ({ Properties }) => (Properties["FunctionName"] as { Ref: string }).Ref === launch,
    );
    expect(read).toHaveLength(3);
    expect(resources[launch]?.Properties).toMatchObject({ RecursiveLoop: "Allow" });
  });

  it("may read its own code and its own items, and no other function's", () => {
    const roles = Object.entries(resources).filter(([id]) => id.startsWith("FunctionrenderFilm"));
    const role = roles.find(([, { Type }]) => Type === "AWS::IAM::Role")?.[1].Properties ?? {};
    const statements = (role["Policies"] as { PolicyDocument: { Statement: Record<string, unknown>[] } }[]).flatMap(
      (it) => it.PolicyDocument.Statement,
    );
    const reads = statements.filter(({ Action }) => Action === "s3:GetObject");
    expect(JSON.stringify(reads)).toMatch(/assets-[^"]*"[^\]]*\/[0-9a-f]{64}\.zip"/);
    expect(JSON.stringify(reads)).not.toContain(".zip*");
    expect(JSON.stringify(statements)).not.toMatch(/ecs:|iam:|logs:/);
  });
});

describe("the network of tasks", () => {
  it("is a small one of their own: public subnets, no NAT gateway, nobody comes in", () => {
    const { stateless } = templatesFor([long(), long("other")]);
    stateless.resourceCountIs("AWS::EC2::VPC", 1);
    stateless.resourceCountIs("AWS::EC2::Subnet", 2);
    stateless.resourceCountIs("AWS::EC2::NatGateway", 0);
    stateless.hasResourceProperties("AWS::EC2::SecurityGroup", { SecurityGroupIngress: Match.absent() });
  });

  it("is the user's, where one is given, and both where functions differ", () => {
    const network = withStack(
      [long(), long("other")],
      (stack) => ({ overrides: { other: { vpc: new Vpc(stack, "Net") as IVpc } } }),
      (stack) => {
        const template = Template.fromStack(stack);
        const [launch] = Object.values(
          template.findResources("AWS::Lambda::Function", { Properties: { FunctionName: "Mine-Jobs-launch" } }),
        ) as Resource[];
        const environment = launch?.Properties["Environment"] as { Variables: Record<string, unknown> } | undefined;
        return JSON.stringify(environment?.Variables["EPOQUE_NETWORKS"]);
      },
    );
    expect(network).toContain('hasPublicIp\\":true');
    expect(network).toContain('hasPublicIp\\":false');
    expect(network).toContain('byFunction\\":{\\"other\\":1}');
  });
});

describe("the size of a task", () => {
  it.each([
    [256, 256, 512],
    [512, 256, 512],
    [513, 512, 1_024],
    [1_024, 512, 1_024],
    [1_025, 1_024, 2_048],
    [2_048, 1_024, 2_048],
    [3_000, 1_024, 3_072],
    [4_096, 2_048, 4_096],
    [10_240, 4_096, 10_240],
    [16_000, 8_192, 16_384],
    [17_000, 8_192, 20_480],
    [122_880, 16_384, 122_880],
  ])("for %i MB: %i units of a processor, %i MB", (asked, cpu, memoryMegabytes) => {
    expect(taskSize(asked)).toEqual({ cpu, memoryMegabytes });
  });

  // Source: Amazon ECS, "Task CPU and memory".
  const allowed: Record<number, [least: number, most: number, step: number]> = {
    256: [512, 2_048, 512],
    512: [1_024, 4_096, 1_024],
    1024: [2_048, 8_192, 1_024],
    2048: [4_096, 16_384, 1_024],
    4096: [8_192, 30_720, 1_024],
    8192: [16_384, 61_440, 4_096],
    16384: [32_768, 122_880, 8_192],
  };

  it("is always one that Fargate has, and never less than was asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 256, max: 122_880 }), (asked) => {
        const { cpu, memoryMegabytes } = taskSize(asked);
        const [least, most, step] = allowed[cpu] ?? [0, 0, 1];
        expect(memoryMegabytes).toBeGreaterThanOrEqual(Math.max(asked, least));
        expect(memoryMegabytes).toBeLessThanOrEqual(most);
        expect(memoryMegabytes % step).toBe(0);
      }),
    );
  });

  it.for([255, 300.5, 122_881])("cannot be %s MB", (memorySize) => {
    expect(() => templatesFor([long()], { memorySize })).toThrow(
      "memorySize of renderFilm must be a whole number of MB",
    );
  });
});

describe("sixty functions", () => {
  it("of which twenty are long fit the 500 resources of a stack, and the policy of the Lambda that launches them", () => {
    const names = Array.from({ length: 60 }, (_, index) => `f${index}`);
    const manifests = names.map((name, index) =>
      index < 20 ? long(name, { cron: "0 9 * * *" }) : aManifest({ name, cron: "0 9 * * *" }),
    );
    const resources = resourcesOf(manifests, { alarmEmail: "on-call@example.com", events: true });
    expect(Object.keys(resources).length).toBeLessThan(500);
    const role = Object.entries(resources).find(([id]) => id.startsWith("FargateLaunchRole"));
    // IAM takes 10,240 characters without spaces; a reference takes about as many as what it stands for.
    expect(JSON.stringify(role?.[1].Properties["Policies"]).length).toBeLessThan(10_240);
  });
});

describe("the role of a long function", () => {
  it("can be granted what the function needs, also under a key of the same stack", () => {
    const template = withStack(
      [long()],
      () => ({}),
      (stack, { roles, functions }) => {
        expect([...functions.keys()]).toEqual([]);
        const role = roles.get("renderFilm");
        if (role !== undefined) new Bucket(stack, "Films").grantWrite(role);
        return Template.fromStack(Stack.of(stack));
      },
    );
    const policies = Object.keys(template.findResources("AWS::IAM::Policy"));
    expect(policies).toContainEqual(expect.stringMatching(/^JobsFunctionrenderFilmRole/));
  });
});
