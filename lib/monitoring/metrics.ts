import { Duration } from "aws-cdk-lib";
import { type IMetric, MathExpression, Metric } from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import type { MetricName } from "../../lambdas/log/metrics.ts";
import { metricNamespace } from "../naming.ts";

/**
 * Alarms and the dashboard look at spans of this length: a person is woken within ten minutes, not by one slow second.
 */
export const PERIOD = Duration.minutes(5);

/** One of our own metrics: see `lambdas/log/metrics.ts`. */
export function ownMetric(scope: Construct, metricName: MetricName, statistic = "Sum"): Metric {
  return new Metric({ namespace: metricNamespace(scope), metricName, statistic, period: PERIOD, label: metricName });
}

/** The sum of some metrics. Not `m0 + m1`: that is nothing as long as one of them has never said anything. */
export function sum(label: string, metrics: readonly Metric[]): IMetric {
  const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
  return new MathExpression({ expression: "SUM(METRICS())", usingMetrics, period: PERIOD, label });
}
