import { App, Stack } from "aws-cdk-lib";
import { Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import type { FunctionManifest } from "../../builder/manifest.ts";
import { aManifest, templatesFor } from "../../harness/templates.ts";
import { isOnGateway, routeKey, routes } from "../../lambdas/api/routes.ts";
import { newApp } from "../../lib/app.ts";
import { Storage } from "../../lib/storage.ts";

const { stateful, stateless } = templatesFor([
  aManifest(),
  aManifest({ name: "oneByOne", concurrency: 1 }),
  aManifest({ name: "fewAtOnce", concurrency: 7, maxDurationSeconds: 59.5 }),
]);

interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}

const resources = (template: typeof stateful, type: string) =>
  Object.values(template.findResources(type) as Record<string, Resource>);

describe("what must never be lost", () => {
  it("outlives its stack", () => {
    const types = ["AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket", "AWS::SecretsManager::Secret"];
    const all = types.flatMap((type) => resources(stateful, type));
    expect(all.map(({ Type }) => Type).sort()).toEqual([types[0], types[0], types[1], types[2], types[2]]);
    expect(new Set(all.map(({ DeletionPolicy }) => DeletionPolicy))).toEqual(new Set(["Retain"]));
  });

  it("is the same to the byte, whatever uses it", () => {
    const alone = new Stack(newApp(), "Epoque-stateful", { description: "Epoque: tables, payloads, secrets" });
    new Storage(alone, "Storage").exportAll();
    const expected = JSON.stringify(Template.fromStack(alone).toJSON());
    const sixty = Array.from({ length: 60 }, (_, index) => aManifest({ name: `f${index}`, cron: "0 9 * * *" }));
    const options = { events: true, alarmEmail: "on-call@example.com", environment: { STAGE: "production" } };
    for (const used of [
      templatesFor([]),
      templatesFor([aManifest()]),
      templatesFor(sixty),
      templatesFor([aManifest({ concurrency: 1 })], options),
    ]) {
      expect(JSON.stringify(used.stateful.toJSON())).toBe(expected);
    }
  });

  it("is kept for as many days as the stacks are told", () => {
    const { stateful, stateless } = templatesFor([aManifest()], { retentionDays: 90 });
    expect(JSON.stringify(stateful.toJSON())).toContain('"ExpirationInDays":99');
    expect(JSON.stringify(stateless.toJSON())).toContain('"EPOQUE_RETENTION_DAYS":"90"');
  });

  it("lets payloads go when nobody can find them any more, but no arguments of what may still wait", () => {
    const rulesFor = (retentionDays?: number) => {
      const storage = new Stack(new App(), "Kept");
      new Storage(storage, "Storage", { retentionDays });
      type Rules = { Rules: Record<string, unknown>[] };
      return resources(Template.fromStack(storage), "AWS::S3::Bucket").flatMap(
        ({ Properties }) => (Properties["LifecycleConfiguration"] as Rules).Rules,
      );
    };
    const expiring = rulesFor().filter((rule) => "ExpirationInDays" in rule);
    expect(expiring).toEqual([
      { Id: "results", Prefix: "attempts/", ExpirationInDays: 39, Status: "Enabled" },
      {
        Id: "arguments-of-ended",
        Prefix: "arguments/",
        TagFilters: [{ Key: "ended", Value: "true" }],
        ExpirationInDays: 32,
        Status: "Enabled",
      },
    ]);
    expect(rulesFor(365).map((rule) => rule["ExpirationInDays"])).toEqual([undefined, 374, 367]);
  });

  it("has the indexes by which lists and the sweep find executions, keys only", () => {
    const table = resources(stateful, "AWS::DynamoDB::GlobalTable").find(
      ({ Properties }) => "GlobalSecondaryIndexes" in Properties,
    );
    const indexes = table?.Properties["GlobalSecondaryIndexes"] as {
      IndexName: string;
      KeySchema: { AttributeName: string }[];
      Projection: { ProjectionType: string };
    }[];
    expect(
      Object.fromEntries(
        indexes.map(({ IndexName, KeySchema }) => [IndexName, KeySchema.map((key) => key.AttributeName)]),
      ),
    ).toEqual({
      all: ["shard", "id"],
      function: ["function_shard", "id"],
      state: ["state_shard", "id"],
      executedBy: ["executed_by", "id"],
      metadata: ["posting", "id"],
      wake: ["wake_shard", "wake_at"],
    });
    expect(new Set(indexes.map(({ Projection }) => Projection.ProjectionType))).toEqual(new Set(["KEYS_ONLY"]));
  });

  it("can be restored, expires by itself, is not deleted by mistake", () => {
    for (const { Properties } of resources(stateful, "AWS::DynamoDB::GlobalTable")) {
      expect(Properties).toMatchObject({
        BillingMode: "PAY_PER_REQUEST",
        TimeToLiveSpecification: { AttributeName: "expires_at", Enabled: true },
        Replicas: [
          { DeletionProtectionEnabled: true, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } },
        ],
      });
    }
  });
});

describe("the shards of the indexes", () => {
  const shardsOf = ({ stateless: template }: ReturnType<typeof templatesFor>) =>
    resources(template, "AWS::Lambda::Function")
      .map(({ Properties }) => (Properties["Environment"] as { Variables?: Record<string, string> }).Variables)
      .map((variables) => variables?.["EPOQUE_SHARDS"]);

  it.each([undefined, 4, 64])("of an option of %s are known to every Lambda", (shards) => {
    const made = shardsOf(templatesFor([aManifest()], shards === undefined ? {} : { shards }));
    expect(made).toEqual(Array(5).fill(String(shards ?? 4)));
  });

  it.each([0, 3, 65, 4.5, Number.NaN])("cannot be %s", (shards) => {
    expect(() => templatesFor([aManifest()], { shards })).toThrow(
      `shards must be a whole number from 4 to 64, not ${shards}`,
    );
  });
});

describe("a function", () => {
  it("has a queue and a Lambda of its own", () => {
    const names = resources(stateless, "AWS::SQS::Queue").map(({ Properties }) => Properties["QueueName"]);
    expect(names).toEqual(expect.arrayContaining(["Epoque-fn-importContacts"]));
    expect(
      resources(stateless, "AWS::Lambda::Function")
        .map(({ Properties }) => Properties["FunctionName"])
        .sort(),
    ).toEqual([
      "Epoque-api",
      "Epoque-bulk",
      "Epoque-fire",
      "Epoque-fn-fewAtOnce",
      "Epoque-fn-importContacts",
      "Epoque-fn-oneByOne",
      "Epoque-sweep",
    ]);
  });

  it("with concurrency 1 has a FIFO queue, with more a limit, else neither", () => {
    const fifo = resources(stateless, "AWS::SQS::Queue").filter(({ Properties }) => Properties["FifoQueue"] === true);
    expect(fifo.map(({ Properties }) => Properties["QueueName"]).sort()).toEqual([
      "Epoque-dead.fifo",
      "Epoque-fn-oneByOne.fifo",
    ]);
    const limits = resources(stateless, "AWS::Lambda::EventSourceMapping").map(
      ({ Properties }) => Properties["ScalingConfig"],
    );
    expect(limits.filter(Boolean)).toEqual([{ MaximumConcurrency: 7 }]);
  });

  it("gets its messages one by one, each reported on its own", () => {
    const mappings = resources(stateless, "AWS::Lambda::EventSourceMapping").map(({ Properties }) => Properties);
    expect(mappings.map((mapping) => mapping["BatchSize"]).sort()).toEqual([1, 1, 1, 1, 10, 10]);
    expect(mappings.every((mapping) => String(mapping["FunctionResponseTypes"]) === "ReportBatchItemFailures")).toBe(
      true,
    );
  });

  it("has time for maxDuration and for storing the outcome, and its queue six times the longest there is", () => {
    stateless.hasResourceProperties("AWS::Lambda::Function", { FunctionName: "Epoque-fn-fewAtOnce", Timeout: 120 });
    stateless.hasResourceProperties("AWS::SQS::Queue", {
      QueueName: "Epoque-fn-fewAtOnce",
      VisibilityTimeout: 5_400,
    });
    stateless.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "Epoque-fn-importContacts",
      Timeout: 900,
    });
  });

  it("is given more time after its queue was", () => {
    const lambdas = Object.values(stateless.findResources("AWS::Lambda::Function")) as (Resource & {
      DependsOn?: string[];
    })[];
    const queues = stateless.findResources("AWS::SQS::Queue") as Record<string, Resource>;
    const own = lambdas.filter(({ Properties }) => String(Properties["FunctionName"]).startsWith("Epoque-fn-"));
    expect(own).toHaveLength(3);
    for (const { Properties, DependsOn = [] } of own) {
      const names = DependsOn.map((id) => String(queues[id]?.Properties["QueueName"]).replace(/\.fifo$/, ""));
      expect(names).toContain(Properties["FunctionName"]);
    }
  });

  it("may be part of a chain of retries through SQS", () => {
    const loops = resources(stateless, "AWS::Lambda::Function").map(({ Properties }) => [
      Properties["FunctionName"],
      Properties["RecursiveLoop"],
    ]);
    expect(Object.fromEntries(loops)).toMatchObject({
      "Epoque-api": "Terminate",
      "Epoque-fire": "Allow",
      "Epoque-fn-oneByOne": "Allow",
    });
  });
});

describe("the API", () => {
  it.for<[string, object]>([
    ["tree", {}],
    ["full", { executionTokens: "full" }],
  ])("lets execution tokens reach %s", ([reach, options]) => {
    templatesFor([aManifest()], options).stateless.hasResourceProperties("AWS::Lambda::Function", {
      FunctionName: "Epoque-api",
      Environment: { Variables: { EPOQUE_EXECUTION_TOKENS: reach } },
    });
  });

  it("refuses another reach of execution tokens", () => {
    expect(() => templatesFor([aManifest()], { executionTokens: "all" as "full" })).toThrow(
      "executionTokens must be tree or full",
    );
  });

  it("takes signed requests by one route more, where it is asked to", () => {
    const signed = (options: { iamAuth?: boolean }) =>
      resources(templatesFor([aManifest()], options).stateless, "AWS::ApiGatewayV2::Route").filter(
        ({ Properties }) => Properties["AuthorizationType"] === "AWS_IAM",
      );
    expect(signed({ iamAuth: true }).map(({ Properties }) => Properties["RouteKey"])).toEqual(["ANY /iam/{proxy+}"]);
    expect(signed({})).toEqual([]);
  });

  it("has the routes of the table that are meant for it, and one for what fits none", () => {
    const keys = resources(stateless, "AWS::ApiGatewayV2::Route").map(({ Properties }) => Properties["RouteKey"]);
    expect(keys.sort()).toEqual([...routes.filter(isOnGateway).map(routeKey), "$default"].sort());
  });
});

describe("the role of a function", () => {
  it.for<[string, Partial<FunctionManifest>, boolean]>([
    ["without retries", {}, false],
    // An error may put a retry off for a year.
    ["with a retry", { retry: { ...aManifest().retry, maxAttempts: 1 } }, true],
    ["with a rate limit", { config: { rateLimit: { limit: 1, periodSeconds: 1 } } }, true],
  ])("%s: whether it may set the timer", ([, changes, mayTime]) => {
    const { stateless } = templatesFor([aManifest(changes)]);
    const [role] = Object.entries(stateless.findResources("AWS::IAM::Role") as Record<string, Resource>)
      .filter(([id]) => id.startsWith("FunctionimportContacts"))
      .map(([, resource]) => JSON.stringify(resource));
    expect([role?.includes("scheduler:CreateSchedule"), role?.includes("iam:PassRole")]).toEqual([mayTime, mayTime]);
  });
});

describe("one function more", () => {
  it("changes nothing of the others, and nothing of what is kept", () => {
    const one = templatesFor([aManifest()]);
    const two = templatesFor([aManifest(), aManifest({ name: "another" })]);
    expect(two.stateful.toJSON()).toEqual(one.stateful.toJSON());
    const before = one.stateless.toJSON() as { Resources: Record<string, { DependsOn?: unknown }> };
    // Those who send to the queues are changed after all of them are there.
    const own = Object.entries(before.Resources).map(([id, { DependsOn: _, ...resource }]) => [id, resource]);
    expect(two.stateless.toJSON()).toMatchObject({ Resources: Object.fromEntries(own) });
  });
});

describe("what Lambda invokes asynchronously", () => {
  it("is tried once, and is too old after a minute: the next sweep comes then", () => {
    const invoked = resources(stateless, "AWS::Lambda::EventInvokeConfig");
    expect(invoked).toMatchObject([{ Properties: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 } }]);
    const [{ Properties: { FunctionName = undefined } = {} } = {}] = invoked;
    const id = (FunctionName as { Ref: string }).Ref;
    expect(stateless.toJSON()).toHaveProperty(["Resources", id, "Properties", "FunctionName"], "Epoque-sweep");
    // Scheduler is the only service that invokes a Lambda itself.
    const targets = resources(stateless, "AWS::Scheduler::Schedule").map(({ Properties }) => Properties["Target"]);
    const arns = targets.map((target) => (target as { Arn: object }).Arn);
    expect(arns).toEqual([{ "Fn::GetAtt": [id, "Arn"] }]);
  });
});

describe("whoever sends to the functions' queues", () => {
  it("is changed after they are there", () => {
    const lambdas = stateless.findResources("AWS::Lambda::Function") as Record<
      string,
      Resource & { DependsOn?: string[] }
    >;
    const queues = Object.entries(stateless.findResources("AWS::SQS::Queue") as Record<string, Resource>)
      .filter(([, { Properties }]) => String(Properties["QueueName"]).startsWith("Epoque-fn-"))
      .map(([id]) => id);
    expect(queues).toHaveLength(3);
    for (const name of ["Epoque-api", "Epoque-fire", "Epoque-sweep", "Epoque-bulk"]) {
      const sender = Object.values(lambdas).find(({ Properties }) => Properties["FunctionName"] === name);
      expect(sender?.DependsOn).toEqual(expect.arrayContaining(queues));
    }
  });
});
