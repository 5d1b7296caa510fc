import { CreateScheduleCommand, ListSchedulesCommand } from "@aws-sdk/client-scheduler";
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { describe, it } from "vitest";
import type { FaultPlan } from "../../local/gateway/faults/plan.ts";
import { allowing, aQueue, aRole } from "./support/an-assembly.ts";
import { runCloud } from "./support/run-cloud.ts";

const HOUR_MS = 3_600_000;

const runScheduler = (faults: FaultPlan) =>
  runCloud(
    {
      resources: {
        Queue: aQueue({ QueueName: "due" }),
        Role: aRole("scheduler.amazonaws.com", {
          RoleName: "fire",
          Policies: [allowing(["sqs:SendMessage", "lambda:InvokeFunction"], "*")],
        }),
      },
    },
    { random: () => 0, faults },
  );

type Running = Awaited<ReturnType<typeof runScheduler>>;

const create = (it: Running, Name: string, ScheduleExpression: string) =>
  it.scheduler.send(
    new CreateScheduleCommand({
      Name,
      ScheduleExpression,
      FlexibleTimeWindow: { Mode: "OFF" },
      ActionAfterCompletion: "DELETE",
      Target: {
        Arn: "arn:aws:sqs:us-east-1:000000000000:due",
        RoleArn: "arn:aws:iam::000000000000:role/fire",
        Input: Name,
      },
    }),
  );

const once = `at(${new Date(Date.now() + HOUR_MS).toISOString().slice(0, 19)})`;

async function received(it: Running): Promise<string[]> {
  const { Messages = [] } = await it.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: it.ref("Queue"), MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = "" }) => Body).sort();
}

describe("a schedule with faults", () => {
  it("that is one-time is lost for good; a recurring one fires again", async ({ expect }) => {
    await using it = await runScheduler({ seed: 1, neverFired: 1 });
    await create(it, "one", once);
    await create(it, "hourly", "rate(1 hour)");
    await it.cloud.advanceClock(1.5 * HOUR_MS);
    expect(await received(it)).toEqual(["hourly", "hourly"]);
    const { Schedules = [] } = await it.scheduler.send(new ListSchedulesCommand());
    expect(Schedules.map(({ Name }) => Name)).toEqual(["hourly"]);
    expect(it.cloud.faults.injected).toEqual(["neverFired one #1"]);
  });

  it("fires twice, one-time or recurring", async ({ expect }) => {
    await using it = await runScheduler({ seed: 1, firedTwice: 1 });
    await create(it, "one", once);
    await create(it, "hourly", "rate(1 hour)");
    await it.cloud.advanceClock(0.5 * HOUR_MS);
    expect(await received(it)).toEqual(["hourly", "hourly"]);
    it.cloud.faults.stop();
    await it.cloud.advanceClock(HOUR_MS);
    expect(await received(it)).toEqual(["hourly", "one"]);
  });
});
