import { appendFileSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListSchedulesCommand,
  type ListSchedulesCommandInput,
  ListTagsForResourceCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { describe, it } from "vitest";
import { until } from "../../harness/until.ts";
import { AccessKeys } from "../../local/gateway/access-keys.ts";
import { callOf } from "../../local/gateway/call.ts";
import { Gateway } from "../../local/gateway/gateway.ts";
import type { Call, Interceptor } from "../../local/gateway/messages.ts";
import { Targets } from "../../local/services/scheduler/targets.ts";
import { aFunction, allowing, aQueue, aRole, type Resources } from "./support/an-assembly.ts";
import { runCloud } from "./support/run-cloud.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const QUEUE = "arn:aws:sqs:us-east-1:000000000000:due";
const ROLE = "arn:aws:iam::000000000000:role/fire";

const resources: Resources = {
  Queue: aQueue({ QueueName: "due" }),
  Role: aRole("scheduler.amazonaws.com", {
    RoleName: "fire",
    Policies: [allowing(["sqs:SendMessage", "lambda:InvokeFunction"], "*")],
  }),
};

/** Starts a cloud in which schedules fire at the beginning of their minute. */
const runScheduler = (more: Resources = {}, options: Parameters<typeof runCloud>[1] = {}) =>
  runCloud({ resources: { ...resources, ...more } }, { random: () => 0, ...options });

type Running = Awaited<ReturnType<typeof runScheduler>>;

/** Returns an `at(…)` this many milliseconds from now, in whole seconds. */
const atIn = (ms: number) => `at(${new Date(Date.now() + ms).toISOString().slice(0, 19)})`;

type Changes = Partial<Omit<CreateScheduleCommandInput, "Target">> & { Target?: Record<string, unknown> };

const aSchedule = ({ Target, ...changes }: Changes = {}): CreateScheduleCommandInput => ({
  Name: "one",
  ScheduleExpression: atIn(HOUR_MS),
  FlexibleTimeWindow: { Mode: "OFF" },
  ActionAfterCompletion: "DELETE",
  ...changes,
  Target: { Arn: QUEUE, RoleArn: ROLE, Input: '{"id":"e1"}', ...Target },
});

const create = (it: Running, changes: Changes = {}) => it.scheduler.send(new CreateScheduleCommand(aSchedule(changes)));

async function names(it: Running): Promise<(string | undefined)[]> {
  const { Schedules = [] } = await it.scheduler.send(new ListSchedulesCommand());
  return Schedules.map(({ Name }) => Name);
}

/** Returns the bodies of all messages in a queue. */
async function received(it: Running, queue = "Queue"): Promise<string[]> {
  const bodies: string[] = [];
  for (;;) {
    const { Messages = [] } = await it.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: it.ref(queue), MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => Body));
  }
}

describe("a schedule", () => {
  it("keeps the settings of its creation, with the defaults of AWS", async ({ expect }) => {
    await using it = await runScheduler();
    const ScheduleExpression = atIn(HOUR_MS);
    const { ScheduleArn } = await it.scheduler.send(
      new CreateScheduleCommand({
        Name: "a.b-c_1",
        ScheduleExpression,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: QUEUE, RoleArn: ROLE },
      }),
    );
    expect(ScheduleArn).toBe("arn:aws:scheduler:us-east-1:000000000000:schedule/default/a.b-c_1");
    expect(await it.scheduler.send(new GetScheduleCommand({ Name: "a.b-c_1" }))).toMatchObject({
      Arn: ScheduleArn,
      Name: "a.b-c_1",
      GroupName: "default",
      ScheduleExpression,
      ScheduleExpressionTimezone: "UTC",
      State: "ENABLED",
      ActionAfterCompletion: "NONE",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: {
        Arn: QUEUE,
        RoleArn: ROLE,
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
      CreationDate: expect.any(Date),
    });
  });

  it("is refused under an existing name, unless the same request is repeated", async ({ expect }) => {
    await using it = await runScheduler();
    const input = { ClientToken: "token", ScheduleExpression: atIn(HOUR_MS) };
    const first = await create(it, input);
    expect((await create(it, input)).ScheduleArn).toBe(first.ScheduleArn);
    for (const other of [
      { ...input, ClientToken: "other" },
      { ...input, Description: "other" },
    ]) {
      await expect(create(it, other)).rejects.toMatchObject({
        name: "ConflictException",
        $metadata: { httpStatusCode: 409 },
        message: "Schedule one already exists.",
      });
    }
    await create(it, { ...input, Name: "two" });
  });

  it("is not found when it does not exist", async ({ expect }) => {
    await using it = await runScheduler();
    const notFound = { name: "ResourceNotFoundException", $metadata: { httpStatusCode: 404 } };
    await expect(it.scheduler.send(new GetScheduleCommand({ Name: "none" }))).rejects.toMatchObject(notFound);
    await expect(it.scheduler.send(new DeleteScheduleCommand({ Name: "none" }))).rejects.toMatchObject(notFound);
    await expect(it.scheduler.send(new UpdateScheduleCommand(aSchedule()))).rejects.toMatchObject(notFound);
    await expect(create(it, { GroupName: "none" })).rejects.toMatchObject(notFound);
    const tags = new ListTagsForResourceCommand({ ResourceArn: QUEUE });
    await expect(it.scheduler.send(tags)).rejects.toThrow('no action "ListTagsForResource"');
  });

  it("is refused where AWS refuses it", async ({ expect }) => {
    await using it = await runScheduler({ Stranger: aRole("lambda.amazonaws.com", { RoleName: "stranger" }) });
    const refused: Changes[] = [
      { Name: "a b" },
      { Name: "a".repeat(65) },
      { ScheduleExpression: atIn(-2_000) },
      { ScheduleExpression: "at(2027-02-30T00:00:00)" },
      { ScheduleExpression: "rate(1 minutes)" },
      { ScheduleExpression: "cron(0 0 * * *)" },
      { ScheduleExpressionTimezone: "Europe/Atlantis" },
      { ScheduleExpressionTimezone: "+01:00" },
      { FlexibleTimeWindow: undefined },
      { FlexibleTimeWindow: { Mode: "FLEXIBLE" } },
      { FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 1_441 } },
      { FlexibleTimeWindow: { Mode: "OFF", MaximumWindowInMinutes: 5 } },
      { Target: { Arn: undefined } },
      { Target: { Arn: "arn:aws:sns:us-east-1:000000000000:topic" } },
      { Target: { RoleArn: undefined } },
      { Target: { RoleArn: "arn:aws:iam::000000000000:role/none" } },
      { Target: { RoleArn: "arn:aws:iam::000000000000:role/stranger" } },
      { Target: { Input: "x".repeat(262_145) } },
      { Target: { RetryPolicy: { MaximumRetryAttempts: 186 } } },
      { Target: { Arn: `${QUEUE}.fifo` } },
      { Target: { DeadLetterConfig: { Arn: `${QUEUE}.fifo` } } },
      { ActionAfterCompletion: "NEVER" as "NONE" },
      { State: "ON" as "ENABLED" },
      { ScheduleExpression: "rate(1 day)", StartDate: new Date(Date.now() - HOUR_MS) },
      { ScheduleExpression: "rate(1 day)", EndDate: new Date(Date.now() - 1_000) },
      {
        ScheduleExpression: "rate(1 day)",
        StartDate: new Date(Date.now() + 2 * HOUR_MS),
        EndDate: new Date(Date.now() + HOUR_MS),
      },
    ];
    for (const changes of refused) {
      await expect(create(it, changes), JSON.stringify(changes)).rejects.toMatchObject({
        name: "ValidationException",
        $metadata: { httpStatusCode: 400 },
      });
    }
    expect(await names(it)).toEqual([]);
  });

  it("is listed by group, prefix and state, page by page", async ({ expect }) => {
    await using it = await runScheduler();
    await it.scheduler.send(new CreateScheduleGroupCommand({ Name: "g" }));
    for (const Name of ["b2", "a1", "b1"]) await create(it, { Name });
    await create(it, { Name: "b3", State: "DISABLED", GroupName: "g" });
    const list = async (input: ListSchedulesCommandInput) =>
      (await it.scheduler.send(new ListSchedulesCommand(input))).Schedules?.map(({ Name }) => Name);
    expect(await list({})).toEqual(["a1", "b1", "b2", "b3"]);
    expect(await list({ NamePrefix: "b", GroupName: "default" })).toEqual(["b1", "b2"]);
    expect(await list({ State: "DISABLED" })).toEqual(["b3"]);
    const first = await it.scheduler.send(new ListSchedulesCommand({ MaxResults: 3 }));
    expect(first.Schedules?.[0]).toMatchObject({ Name: "a1", State: "ENABLED", Target: { Arn: QUEUE } });
    const { NextToken } = first;
    expect(await list({ MaxResults: 3, ...(NextToken !== undefined && { NextToken }) })).toEqual(["b3"]);
  });

  it("is deleted with its group", async ({ expect }) => {
    await using it = await runScheduler();
    await it.scheduler.send(new CreateScheduleGroupCommand({ Name: "g" }));
    await expect(it.scheduler.send(new CreateScheduleGroupCommand({ Name: "g" }))).rejects.toMatchObject({
      name: "ConflictException",
    });
    await create(it, { GroupName: "g" });
    expect(await it.scheduler.send(new GetScheduleGroupCommand({ Name: "g" }))).toMatchObject({ State: "ACTIVE" });
    await it.scheduler.send(new DeleteScheduleGroupCommand({ Name: "g" }));
    expect(await names(it)).toEqual([]);
    await expect(it.scheduler.send(new GetScheduleGroupCommand({ Name: "g" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await expect(it.scheduler.send(new DeleteScheduleGroupCommand({ Name: "default" }))).rejects.toMatchObject({
      name: "ValidationException",
    });
  });
});

describe("when a schedule is due", () => {
  it("sends its input after five months, not earlier, and is deleted", async ({ expect }) => {
    await using it = await runScheduler();
    await create(it, { ScheduleExpression: atIn(150 * DAY_MS) });
    await it.cloud.advanceClock(150 * DAY_MS - MINUTE_MS);
    expect(await received(it)).toEqual([]);
    await it.cloud.advanceClock(MINUTE_MS);
    expect(await received(it)).toEqual(['{"id":"e1"}']);
    expect(await names(it)).toEqual([]);
  });

  it("fires within the minute, or within its window", async ({ expect }) => {
    await using it = await runScheduler({}, { random: () => 0.999 });
    await create(it);
    const window = { Mode: "FLEXIBLE", MaximumWindowInMinutes: 30 } as const;
    await create(it, { Name: "two", FlexibleTimeWindow: window, Target: { Input: "two" } });
    await it.cloud.advanceClock(HOUR_MS + 55_000);
    expect(await received(it)).toEqual([]);
    await it.cloud.advanceClock(5_000);
    expect(await received(it)).toEqual(['{"id":"e1"}']);
    await it.cloud.advanceClock(27 * MINUTE_MS);
    expect(await received(it)).toEqual([]);
    await it.cloud.advanceClock(2 * MINUTE_MS);
    expect(await received(it)).toEqual(["two"]);
  });

  it("fires in real time too", async ({ expect }) => {
    await using it = await runScheduler();
    await create(it, { ScheduleExpression: atIn(2_000) });
    const { Messages } = await it.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: it.ref("Queue"), WaitTimeSeconds: 15 }),
    );
    expect(Messages?.map(({ Body }) => Body)).toEqual(['{"id":"e1"}']);
  });

  it("stays without ActionAfterCompletion, and does not fire again", async ({ expect }) => {
    await using it = await runScheduler();
    await create(it, { ActionAfterCompletion: "NONE" });
    await it.cloud.advanceClock(2 * HOUR_MS);
    expect(await received(it)).toHaveLength(1);
    await it.cloud.advanceClock(DAY_MS);
    expect(await received(it)).toEqual([]);
    expect(await names(it)).toEqual(["one"]);
  });

  it("does not fire when deleted, disabled or moved", async ({ expect }) => {
    await using it = await runScheduler();
    for (const Name of ["deleted", "disabled", "moved"]) await create(it, { Name, Target: { Input: Name } });
    await it.scheduler.send(new DeleteScheduleCommand({ Name: "deleted" }));
    await it.scheduler.send(new UpdateScheduleCommand(aSchedule({ Name: "disabled", State: "DISABLED" })));
    const moved = aSchedule({ Name: "moved", ScheduleExpression: atIn(5 * HOUR_MS), Target: { Input: "moved" } });
    await it.scheduler.send(new UpdateScheduleCommand(moved));
    await it.cloud.advanceClock(2 * HOUR_MS);
    expect(await received(it)).toEqual([]);
    await it.cloud.advanceClock(4 * HOUR_MS);
    expect(await received(it)).toEqual(["moved"]);
  });

  it("replaces the context attributes in its input", async ({ expect }) => {
    await using it = await runScheduler();
    const ScheduleExpression = atIn(HOUR_MS);
    const attributes = ["schedule-arn", "scheduled-time", "execution-id", "attempt-number", "other"];
    const Input = attributes.map((name) => `<aws.scheduler.${name}>`).join(" ");
    const { ScheduleArn } = await create(it, { ScheduleExpression, Target: { Input } });
    await it.cloud.advanceClock(HOUR_MS);
    const [body = ""] = await received(it);
    expect(body.split(" ")).toEqual([
      ScheduleArn,
      ScheduleExpression.replace("at(", "").replace(")", "Z"),
      expect.stringMatching(/^[0-9a-f]{16}$/),
      "1",
      "<aws.scheduler.other>",
    ]);
  });

  it("sends to a FIFO queue, in its group", async ({ expect }) => {
    const Fifo = aQueue({ QueueName: "due.fifo", FifoQueue: true, ContentBasedDeduplication: true });
    await using it = await runScheduler({ Fifo });
    await create(it, { Target: { Arn: `${QUEUE}.fifo`, SqsParameters: { MessageGroupId: "g" } } });
    await it.cloud.advanceClock(HOUR_MS);
    const { Messages } = await it.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: it.ref("Fifo"), MessageSystemAttributeNames: ["All"] }),
    );
    expect(Messages?.[0]).toMatchObject({ Body: '{"id":"e1"}', Attributes: { MessageGroupId: "g" } });
  });

  it("invokes a function", async ({ expect }) => {
    await using it = await runCloud(
      {
        resources: { ...resources, F: aFunction("f") },
        code: { f: "export const handler = async (event) => { console.log(JSON.stringify(event)) }" },
      },
      { random: () => 0 },
    );
    await create(it, { Target: { Arn: "arn:aws:lambda:us-east-1:000000000000:function:f" } });
    await it.cloud.advanceClock(HOUR_MS);
    await until(
      () => it.lines,
      (lines) => lines.length > 0,
    );
    expect(it.lines).toEqual(['{"id":"e1"}']);
  });
});

describe("a recurring schedule", () => {
  it("fires each time, in order, between its dates", async ({ expect }) => {
    await using it = await runScheduler();
    await create(it, {
      ScheduleExpression: "cron(0 12 * * ? *)",
      StartDate: new Date(Date.now() + DAY_MS),
      EndDate: new Date(Date.now() + 4 * DAY_MS),
      Target: { Input: "<aws.scheduler.scheduled-time>" },
    });
    await it.cloud.advanceClock(10 * DAY_MS);
    const times = await received(it);
    expect(times).toHaveLength(3);
    expect(times).toEqual(times.toSorted());
    expect(times.every((time) => time.endsWith("T12:00:00Z"))).toBe(true);
    expect(await names(it)).toEqual([]);
  });

  it("starts at once with a rate, and continues", async ({ expect }) => {
    await using it = await runScheduler();
    await create(it, { ScheduleExpression: "rate(5 minutes)", Target: { Input: "<aws.scheduler.scheduled-time>" } });
    await it.cloud.advanceClock(11 * MINUTE_MS);
    const times = (await received(it)).map((time) => Date.parse(time));
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 5 * MINUTE_MS, 10 * MINUTE_MS]);
  });

  it("fires for the last time only in a leap over many due times", async ({ expect }) => {
    await using it = await runScheduler();
    const Input = "<aws.scheduler.scheduled-time>";
    await create(it, { ScheduleExpression: "cron(* * * * ? *)", Target: { Input } });
    await it.cloud.advanceClock(150 * DAY_MS);
    const times = await received(it);
    const end = Date.now() + 150 * DAY_MS;
    // One may have been due in real time before.
    expect(times.length).toBeLessThanOrEqual(2);
    expect(end - Date.parse(times.at(-1) ?? "")).toBeLessThan(2 * MINUTE_MS);
  });
});

describe("a schedule that fails", () => {
  const unreachable = { Target: { Arn: `${QUEUE}-none`, Input: "attempt <aws.scheduler.attempt-number>" } };

  it("retries with growing pauses until its target exists", async ({ expect }) => {
    await using it = await runScheduler();
    await create(it, unreachable);
    await it.cloud.advanceClock(HOUR_MS + 1_500);
    expect(it.lines).toEqual([expect.stringMatching(/^schedule default\/one: cannot call its target: /)]);
    expect(await names(it)).toEqual(["one"]);
    await it.update({ resources: { ...resources, Late: aQueue({ QueueName: "due-none" }) } });
    await it.cloud.advanceClock(MINUTE_MS);
    expect(await received(it, "Late")).toEqual([expect.stringMatching(/^attempt [3-6]$/)]);
    expect(await names(it)).toEqual([]);
  });

  it.for<[string, Record<string, number>, string]>([
    ["MaximumRetryAttempts", { MaximumRetryAttempts: 2 }, "2"],
    // After 1, 2, 4, 8, 16 and 32 seconds the next attempt would be after a minute.
    ["MaximumEventAgeInSeconds", { MaximumEventAgeInSeconds: 60 }, "5"],
  ])("goes to its dead-letter queue after %s", async ([exhausted, RetryPolicy, retries], { expect }) => {
    await using it = await runScheduler({ Dead: aQueue({ QueueName: "dead" }) });
    const DeadLetterConfig = { Arn: QUEUE.replace("due", "dead") };
    await create(it, { Target: { ...unreachable.Target, RetryPolicy, DeadLetterConfig } });
    await it.cloud.advanceClock(2 * HOUR_MS);
    const { Messages } = await it.sqs.send(
      new ReceiveMessageCommand({ QueueUrl: it.ref("Dead"), MessageAttributeNames: ["All"] }),
    );
    expect(Messages?.[0]).toMatchObject({
      Body: `attempt ${Number(retries) + 1}`,
      MessageAttributes: {
        EXHAUSTED_RETRY_CONDITION: { StringValue: exhausted },
        RETRY_ATTEMPTS: { StringValue: retries },
        TARGET_ARN: { StringValue: `${QUEUE}-none` },
      },
    });
    expect(await names(it)).toEqual([]);
  });
});

describe("schedules and groups of a template", () => {
  const schedule = (changes: Record<string, unknown> = {}) => ({
    Type: "AWS::Scheduler::Schedule",
    Properties: {
      ScheduleExpression: "rate(1 hour)",
      FlexibleTimeWindow: { Mode: "OFF" },
      GroupName: { Ref: "Group" },
      Target: {
        Arn: { "Fn::GetAtt": ["Queue", "Arn"] },
        RoleArn: { "Fn::GetAtt": ["Role", "Arn"] },
        Input: "tick",
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
      },
      ...changes,
    },
  });
  const Group = { Type: "AWS::Scheduler::ScheduleGroup", Properties: { Name: "g" } };
  const dates = { StartDate: new Date(Date.now() + HOUR_MS).toISOString() };

  it("are created, changed in place and removed", async ({ expect }) => {
    const outputs = {
      Group: { Value: { "Fn::GetAtt": ["Group", "Arn"] } },
      Tick: { Value: { "Fn::GetAtt": ["Tick", "Arn"] } },
    };
    const with_ = (changes: Record<string, unknown>) => ({ ...resources, Group, Tick: schedule(changes) });
    await using it = await runCloud({ resources: with_(dates), outputs }, { random: () => 0 });
    expect(it.ref("Tick")).toBe("Main-Tick");
    expect(it.cloud.outputs["Main"]).toEqual({
      Group: "arn:aws:scheduler:us-east-1:000000000000:schedule-group/g",
      Tick: "arn:aws:scheduler:us-east-1:000000000000:schedule/g/Main-Tick",
    });
    await it.cloud.advanceClock(HOUR_MS + MINUTE_MS);
    expect(await received(it)).toEqual(["tick"]);
    const get = () => it.scheduler.send(new GetScheduleCommand({ Name: "Main-Tick", GroupName: "g" }));
    const { CreationDate } = await get();
    await it.update({ resources: with_({ State: "DISABLED" }), outputs });
    expect(await get()).toMatchObject({ CreationDate, State: "DISABLED" });
    await it.cloud.advanceClock(HOUR_MS);
    expect(await received(it)).toEqual([]);
    await it.update({ resources });
    expect(await names(it)).toEqual([]);
  });

  it("do not adopt schedules of other origin", async ({ expect }) => {
    await using it = await runScheduler();
    await create(it, { Name: "Main-Tick" });
    const Tick = schedule({ GroupName: "default" });
    await expect(it.update({ resources: { ...resources, Tick } })).rejects.toThrow("Main-Tick already exists");
  });

  it("are refused with unsupported properties", async ({ expect }) => {
    const KmsKeyArn = "arn:aws:kms:us-east-1:000000000000:key/x";
    const running = runCloud({ resources: { ...resources, Group, Tick: schedule({ KmsKeyArn }) } });
    await expect(running).rejects.toThrow(/Main\/Tick .*KmsKeyArn/s);
  });
});

describe("with a data directory, schedules", () => {
  it("survive the end of the process, and overdue ones fire at the start", async ({ expect }) => {
    const dataDirectory = mkdtempSync(join(tmpdir(), "epoque-schedules-"));
    const file = join(dataDirectory, "schedules.jsonl");
    try {
      const first = await runScheduler({}, { dataDirectory });
      await first.scheduler.send(new CreateScheduleGroupCommand({ Name: "g" }));
      const dueMs = Date.now() + 2_000;
      await create(first, { Name: "soon", ScheduleExpression: atIn(2_000), Target: { Input: "soon" } });
      await create(first, { Name: "far", GroupName: "g" });
      await create(first, { Name: "gone" });
      await first.scheduler.send(new DeleteScheduleCommand({ Name: "gone" }));
      await first[Symbol.asyncDispose]();
      expect(statSync(file).mode & 0o777).toBe(0o600);
      // The process was killed during a write that it had not acknowledged.
      appendFileSync(file, '["schedule/default/torn",{"na');
      await until(Date.now, (now) => now >= dueMs);

      await using second = await runScheduler({}, { dataDirectory });
      expect(await second.scheduler.send(new GetScheduleCommand({ Name: "far", GroupName: "g" }))).toMatchObject({
        Target: { Input: '{"id":"e1"}' },
      });
      const { Messages } = await second.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: second.ref("Queue"), WaitTimeSeconds: 5 }),
      );
      expect(Messages?.map(({ Body }) => Body)).toEqual(["soon"]);
      expect(await names(second)).toEqual(["far"]);
    } finally {
      rmSync(dataDirectory, { recursive: true });
    }
  });

  it("of a template continue, and are removed when no template has them", async ({ expect }) => {
    const dataDirectory = mkdtempSync(join(tmpdir(), "epoque-schedules-"));
    const tick = {
      Type: "AWS::Scheduler::Schedule",
      Properties: {
        ScheduleExpression: atIn(2_000),
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: QUEUE, RoleArn: { "Fn::GetAtt": ["Role", "Arn"] }, Input: "tick" },
      },
    };
    try {
      const first = await runScheduler({ Tick: tick, Other: tick }, { dataDirectory });
      await until(
        () => received(first),
        (bodies) => bodies.length > 0,
      );
      await first[Symbol.asyncDispose]();
      // Its due time has passed, but it is unchanged.
      await using second = await runScheduler({ Tick: tick }, { dataDirectory });
      expect(await names(second)).toEqual(["Main-Tick"]);
      expect(await received(second)).toEqual([]);
    } finally {
      rmSync(dataDirectory, { recursive: true });
    }
  });
});

describe("the gateway", () => {
  it("sees the call of a schedule's target in its role", async ({ expect }) => {
    const seen: Call[] = [];
    const answer = { status: 202, headers: {}, body: '{"MessageId":"1"}' };
    const watch: Interceptor = async (call) => {
      seen.push(call);
      return answer;
    };
    const accessKeys = new AccessKeys();
    const gateway = await Gateway.open({ accessKeys, aheadMs: () => 0, services: {}, interceptors: [watch] });
    const targets = new Targets({ accessKeys, gatewayEndpoint: () => gateway.endpoint });
    const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f";
    const RetryPolicy = { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 };
    await targets.call({ Arn: FUNCTION, RoleArn: ROLE, RetryPolicy }, "{}");
    // The service does not compute the MD5.
    await targets.call({ Arn: QUEUE, RoleArn: ROLE, RetryPolicy }, "x").catch(() => {});
    targets.stop();
    await gateway.close();
    const caller = { kind: "service", service: "scheduler.amazonaws.com", roleArn: ROLE };
    expect(seen).toEqual([
      { service: "lambda", action: "InvokeFunction", resource: FUNCTION, caller },
      { service: "sqs", action: "SendMessage", resource: QUEUE, caller },
    ]);
  });

  it.for<[string, string, string, string | undefined]>([
    ["POST", "/schedules/n", "CreateSchedule", "schedule/g/n"],
    ["GET", "/schedules/n?groupName=h", "GetSchedule", "schedule/h/n"],
    ["DELETE", "/schedules/n?clientToken=t", "DeleteSchedule", "schedule/g/n"],
    ["GET", "/schedules?NamePrefix=n", "ListSchedules", undefined],
    ["POST", "/schedule-groups/n", "CreateScheduleGroup", "schedule-group/n"],
    ["PATCH", "/x", "PATCH /x", undefined],
  ])("reads %s %s as %s of Scheduler", ([method, url, action, resource], { expect }) => {
    const body = Buffer.from('{"GroupName":"g"}');
    const request = { method, url, headers: {}, body, signal: new AbortController().signal };
    const arn = resource && `arn:aws:scheduler:us-east-1:000000000000:${resource}`;
    const caller = { kind: "operator" } as const;
    expect(callOf("scheduler", request, caller)).toEqual({ service: "scheduler", action, resource: arn, caller });
  });
});
