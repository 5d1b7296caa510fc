import type { Alarms } from "../core/ports.ts";

/** The alarms of a deployment in CloudWatch. Its client is loaded when somebody asks, which few do. */
export function cloudwatchAlarms(namespace: string): Alarms {
  let loading: Promise<Alarms> | undefined;
  return {
    async ringing() {
      loading ??= import("./describe-alarms.ts").then(({ describedAlarms }) => describedAlarms(namespace));
      return (await loading).ringing();
    },
  };
}
