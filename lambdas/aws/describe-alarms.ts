import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { alarmIds, readDescription } from "../core/alarms.ts";
import type { Alarms } from "../core/ports.ts";
import { defaults } from "./client-settings.ts";
import { failingAsUnavailable } from "./failures.ts";

/** The alarms whose names begin with `namespace`, as the stack made them. */
export function describedAlarms(namespace: string, client = cloudwatchClient()): Alarms {
  const ids = new Map(alarmIds.map((id) => [`${namespace}-${id}`, id]));
  return {
    async ringing() {
      // By name, so that a permission for these alone is enough. CloudWatch takes 100 names.
      const { MetricAlarms = [] } = await client.send(
        new DescribeAlarmsCommand({ AlarmNames: [...ids.keys()], AlarmTypes: ["MetricAlarm"] }),
      );
      return MetricAlarms.flatMap(({ AlarmName = "", AlarmDescription = "", StateValue, StateUpdatedTimestamp }) => {
        const id = ids.get(AlarmName);
        if (id === undefined || StateValue !== "ALARM") return [];
        return [{ id, ...readDescription(AlarmDescription), sinceMs: StateUpdatedTimestamp?.getTime() ?? 0 }];
      });
    },
  };
}

function cloudwatchClient(): CloudWatchClient {
  return failingAsUnavailable(new CloudWatchClient(defaults));
}
