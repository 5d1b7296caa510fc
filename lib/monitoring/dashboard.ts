import { Stack } from "aws-cdk-lib";
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  LogQueryWidget,
  MathExpression,
  TextWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import type { Construct } from "constructs";
import { metricNamespace, physicalName } from "../naming.ts";
import { listLambdas, ownLambdas, type Watched } from "./alarms.ts";
import { ownMetric, PERIOD } from "./metrics.ts";

/** CloudWatch's grid is 24 wide. */
const HALF = { width: 12, height: 6 };

/**
 * Four questions, from top to bottom: is it working, what fails, what waits, how late. What is shown by function or
 * queue is searched for by CloudWatch, so the dashboard stays the same when functions come and go. $3 a month; three
 * are free.
 */
export function dashboard(scope: Construct, watched: Watched, alarms: readonly Alarm[]): Dashboard {
  return new Dashboard(scope, "Dashboard", {
    // An account has one list of dashboards for all regions.
    dashboardName: `${physicalName(scope, "dashboard")}-${Stack.of(scope).region}`,
    widgets: [
      ...part("Is it working?", [
        new AlarmStatusWidget({ title: "Alarms", alarms: [...alarms], width: 24, height: 3 }),
      ]),
      [
        graph("Executions", own(scope, "enqueued", "started", "succeeded")),
        graph("API", [...api(watched), ownMetric(scope, "unauthorized")]),
      ],
      ...part("What fails?", [
        graph("Executions", own(scope, "failed", "retried", "lost", "unpublished")),
        graph("Failed executions by function", [
          search(`{"${metricNamespace(scope)}",function} MetricName="failed"`, "Sum"),
        ]),
      ]),
      [graph("Our Lambdas", errorCounts(watched)), lastErrors(watched)],
      ...part("What waits?", [
        graph("Waiting messages by queue", [
          queues(scope, "ApproximateNumberOfMessagesVisible"),
          ownMetric(scope, "waiting"),
          ownMetric(scope, "cutShort"),
        ]),
        graph("Age of the oldest message by queue, s", [queues(scope, "ApproximateAgeOfOldestMessage")]),
      ]),
      ...part("How late, how long?", [
        graph("Start after the due time, ms", spread(scope, "latenessMs")),
        graph("Duration of attempts, ms", spread(scope, "durationMs")),
      ]),
      [
        graph("Concurrency by Lambda", [lambdas(scope, "ConcurrentExecutions", "Maximum")]),
        graph("Throttles by Lambda", [lambdas(scope, "Throttles", "Sum")]),
      ],
    ],
  });
}

function part(question: string, widgets: IWidget[]): IWidget[][] {
  return [[new TextWidget({ markdown: `## ${question}`, width: 24, height: 1 })], widgets];
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, ...HALF, leftYAxis: { min: 0, showUnits: false } });
}

function own(scope: Construct, ...names: Parameters<typeof ownMetric>[1][]): IMetric[] {
  return names.map((name) => ownMetric(scope, name));
}

function spread(scope: Construct, name: Parameters<typeof ownMetric>[1]): IMetric[] {
  return ["p50", "p90", "p99"].map((statistic) => ownMetric(scope, name, statistic).with({ label: statistic }));
}

function api({ http }: Watched): IMetric[] {
  return [
    http.metricCount({ period: PERIOD, label: "requests" }),
    http.metricClientError({ period: PERIOD, label: "4xx" }),
    http.metricServerError({ period: PERIOD, label: "5xx" }),
    http.metricLatency({ period: PERIOD, statistic: "p99", label: "latency p99, ms" }),
  ];
}

function errorCounts(watched: Watched): IMetric[] {
  return [...ownLambdas(watched)].flatMap(([name, lambda]) => [
    lambda.metricErrors({ period: PERIOD, label: `${name}: errors` }),
    lambda.metricThrottles({ period: PERIOD, label: `${name}: throttled` }),
  ]);
}

function lastErrors(watched: Watched): LogQueryWidget {
  return new LogQueryWidget({
    title: `Last errors of the ${listLambdas(watched, "and")} Lambdas`,
    logGroupNames: [...ownLambdas(watched).values()].map((lambda) => lambda.logGroup.logGroupName),
    queryLines: [
      "fields @timestamp, message, route, function, executionId, error.message, requestId",
      'filter level = "ERROR"',
      "sort @timestamp desc",
      "limit 20",
    ],
    ...HALF,
  });
}

function queues(scope: Construct, metric: string): IMetric {
  return search(`{AWS/SQS,QueueName} MetricName="${metric}" ${ours(scope, "QueueName")}`, "Maximum");
}

function lambdas(scope: Construct, metric: string, statistic: string): IMetric {
  return search(`{AWS/Lambda,FunctionName} MetricName="${metric}" ${ours(scope, "FunctionName")}`, statistic);
}

/**
 * Finds the names of this deployment's own queues and Lambdas, which all begin with the namespace. A search term is a
 * part of a name between two characters like `-`, which alone would mean NOT; in double quotes it would be a whole
 * name.
 */
function ours(scope: Construct, dimension: string): string {
  const parts = metricNamespace(scope).split(/[^A-Za-z0-9]+/);
  return parts.map((part) => `${dimension}=${part}`).join(" ");
}

function search(query: string, statistic: string): IMetric {
  const expression = `SEARCH('${query}', '${statistic}', ${PERIOD.toSeconds()})`;
  return new MathExpression({ expression, usingMetrics: {}, period: PERIOD, label: "" });
}
