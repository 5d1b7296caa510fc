import { CloudWatchClient, type DescribeAlarmsCommand, type MetricAlarm } from "@aws-sdk/client-cloudwatch";
import { describe, expect, it } from "vitest";
import { describedAlarms } from "../../lambdas/aws/describe-alarms.ts";
import { alarmDescription, alarmIds, readDescription } from "../../lambdas/core/alarms.ts";

const text = { reason: "Work was lost.", next: "Look into the log." };

function ringing(...alarms: MetricAlarm[]) {
  const client = new CloudWatchClient({ region: "eu-west-1" });
  let asked: readonly string[] = [];
  client.send = (async (command: DescribeAlarmsCommand) => {
    asked = command.input.AlarmNames ?? [];
    return { MetricAlarms: alarms };
  }) as typeof client.send;
  return { read: () => describedAlarms("Epoque", client).ringing(), asked: () => asked };
}

describe("the alarms in CloudWatch", () => {
  it("are asked for by their names, and told if they ring", async () => {
    const AlarmDescription = alarmDescription(text);
    const StateUpdatedTimestamp = new Date(5_000);
    const { read, asked } = ringing(
      { AlarmName: "Epoque-LostWork", AlarmDescription, StateValue: "ALARM", StateUpdatedTimestamp },
      { AlarmName: "Epoque-Late", AlarmDescription, StateValue: "OK", StateUpdatedTimestamp },
      { AlarmName: "Epoque-Waiting", AlarmDescription, StateValue: "INSUFFICIENT_DATA", StateUpdatedTimestamp },
      { AlarmName: "Epoque-Other", AlarmDescription, StateValue: "ALARM", StateUpdatedTimestamp },
    );
    expect(await read()).toEqual([{ id: "LostWork", ...text, sinceMs: 5_000 }]);
    expect(asked()).toEqual(alarmIds.map((id) => `Epoque-${id}`));
  });

  it("are described so that reason and next step can be told apart, also by somebody else's text", () => {
    expect(readDescription(alarmDescription(text))).toEqual(text);
    expect(readDescription("just this")).toEqual({ reason: "just this", next: "" });
  });
});
