import { randomUUID } from "node:crypto";
import * as z from "zod";
import { alarmArn } from "../account.ts";
import { AwsFailure } from "../gateway/failures.ts";
import { jsonBody } from "../gateway/json-body.ts";
import type { Service } from "../gateway/messages.ts";

/** The alarms of the templates, by name. There are no metrics here, so none ever rings. */
export class MetricAlarms {
  readonly #descriptions = new Map<string, string>();
  readonly #createdMs = Date.now();

  put(name: string, description: string): void {
    this.#descriptions.set(name, description);
  }

  remove(name: string): void {
    this.#descriptions.delete(name);
  }

  describe(names: readonly string[] = [...this.#descriptions.keys()]): object[] {
    return names.flatMap((AlarmName) => {
      const AlarmDescription = this.#descriptions.get(AlarmName);
      if (AlarmDescription === undefined) return [];
      const StateUpdatedTimestamp = this.#createdMs / 1_000;
      return [{ AlarmName, AlarmArn: alarmArn(AlarmName), AlarmDescription, StateValue: "OK", StateUpdatedTimestamp }];
    });
  }
}

const DescribeAlarms = z.strictObject({
  AlarmNames: z.array(z.string()).max(100).optional(),
  AlarmTypes: z.array(z.literal("MetricAlarm")).optional(),
});

/** Serves `DescribeAlarms` of CloudWatch, by its JSON 1.0 protocol. */
export function cloudwatchService(alarms: MetricAlarms): Service {
  return async ({ action }, request) => {
    if (action !== "DescribeAlarms") {
      throw new AwsFailure(400, "UnknownOperationException", `The local CloudWatch has no action "${action}".`);
    }
    const { success, data, error } = DescribeAlarms.safeParse(jsonBody(request));
    if (!success) throw new AwsFailure(400, "ValidationError", z.prettifyError(error));
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": randomUUID() },
      body: JSON.stringify({ MetricAlarms: alarms.describe(data.AlarmNames), CompositeAlarms: [] }),
    };
  };
}
