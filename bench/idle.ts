import { aManifest, templatesFor } from "../harness/templates.ts";
import type { Usage } from "./prices.ts";

const MINUTES_A_MONTH = 730 * 60;
/** One poll waits for 20 s at most; source: docs/aws-limits.md, SQS, "idle mapping". */
const POLLS_A_MONTH = MINUTES_A_MONTH * 3;

/** The parts of a deployment that cost money while nothing happens. */
export interface Idle {
  /** Event source mappings of queues. */
  mappings: number;
  secrets: number;
  alarmMetrics: number;
  dashboards: number;
}

/** Counts those parts in the templates of a deployment with `functions` functions. */
export function idleOf(functions: number): Idle {
  const manifests = Array.from({ length: functions }, (_, index) => aManifest({ name: `function${index}` }));
  const { stateful, stateless } = templatesFor(manifests);
  const count = (type: string) =>
    [stateful, stateless].reduce((sum, template) => sum + Object.keys(template.findResources(type)).length, 0);
  const alarms = Object.values(stateless.findResources("AWS::CloudWatch::Alarm")) as {
    Properties: { Metrics?: { MetricStat?: unknown }[] };
  }[];
  return {
    mappings: count("AWS::Lambda::EventSourceMapping"),
    secrets: count("AWS::SecretsManager::Secret"),
    // Each metric that goes into an alarm's expression is paid for; the expression is not.
    alarmMetrics: alarms.reduce(
      (sum, { Properties }) => sum + (Properties.Metrics?.filter(({ MetricStat }) => MetricStat).length ?? 1),
      0,
    ),
    dashboards: count("AWS::CloudWatch::Dashboard"),
  };
}

/**
 * Returns its usage in a month. `sweep`: usage of one sweep that finds nothing. `pollers`: of each mapping; Lambda
 * keeps five, and two after a while without messages.
 */
export function idleMonth(idle: Idle, sweep: Usage, pollers: number): Usage {
  const sweeps = Object.entries(sweep).map(([kind, amount]) => [kind, amount * MINUTES_A_MONTH]);
  const month: Usage = Object.fromEntries(sweeps);
  return {
    ...month,
    sqsRequests: (month.sqsRequests ?? 0) + idle.mappings * pollers * POLLS_A_MONTH,
    secretMonths: idle.secrets,
    alarmMonths: idle.alarmMetrics,
    dashboardMonths: idle.dashboards,
  };
}
