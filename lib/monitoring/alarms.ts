import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2";
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import type { Function as Lambda } from "aws-cdk-lib/aws-lambda";
import type { Queue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { type AlarmId, type AlarmText, alarmDescription } from "../../lambdas/core/alarms.ts";
import { physicalName } from "../naming.ts";
import { ownMetric, PERIOD, sum } from "./metrics.ts";

/** The resources that the alarms watch. */
export interface Watched {
  http: HttpApi;
  api: Lambda;
  fire: Lambda;
  sweep: Lambda;
  bulk: Lambda;
  /** Only where a function is on Fargate. */
  launch: Lambda | undefined;
  fireQueue: Queue;
  deadLetters: readonly Queue[];
}

const TASKS_LOST =
  ' Tasks: search the log of launch for "task stopped before it began" and "worker lost"; the reason is ECS\'s.';

interface AlarmRule extends AlarmText {
  metric: IMetric;
  /** Rings when the metric reaches this. */
  atLeast: number;
  /** For so many periods of five minutes. @default 1 */
  periods?: number;
}

/**
 * The alarms, each on one of a few metrics: $0.10 a month for each metric, the first ten are free. None is made for
 * each function: what goes wrong with one is lost, late or dead, and that is watched for all of them together.
 * (CloudWatch takes ten metrics in an alarm, and no searches.)
 */
export function alarms(scope: Construct, watched: Watched): Alarm[] {
  const ringing = (Object.entries(rules(scope, watched)) as [AlarmId, AlarmRule][]).map(
    ([id, { metric, atLeast, periods = 1, ...text }]) =>
      alarm(scope, id, text, {
        metric,
        threshold: atLeast,
        evaluationPeriods: periods,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treatMissingData: TreatMissingData.NOT_BREACHING,
      }),
  );
  return [...ringing, sweepStands(scope, watched)];
}

function rules(scope: Construct, watched: Watched): Partial<Record<AlarmId, AlarmRule>> {
  return { ...ofExecutions(scope, watched), ...ofRequests(scope), ...ofQueues(watched), ...ofLambdas(watched) };
}

/** Returns our own Lambdas, apart from those that run user code, by what they are called. */
export function ownLambdas({ api, fire, sweep, bulk, launch }: Watched): ReadonlyMap<string, Lambda> {
  return new Map(Object.entries({ api, fire, sweep, bulk, ...(launch && { launch }) }));
}

/** Lists our own Lambdas for a sentence: "API, fire, sweep and bulk". */
export function listLambdas(watched: Watched, last: "and" | "or"): string {
  const names = [...ownLambdas(watched).keys()].map((name) => (name === "api" ? "API" : name));
  return `${names.slice(0, -1).join(", ")} ${last} ${names.at(-1)}`;
}

function ofExecutions(scope: Construct, { launch }: Watched): Partial<Record<AlarmId, AlarmRule>> {
  return {
    LostWork: {
      metric: ownMetric(scope, "lost"),
      atLeast: 1,
      reason:
        "The sweep found executions whose worker died or whose message did not arrive, and has put them back; or whose function is not deployed: these fail after four hours.",
      next: `Search the log of the sweep for "swept". "missing": deploy the function again. Else see its log for the time before: out of memory, a time-out, a throttled Lambda?${launch === undefined ? "" : TASKS_LOST}`,
    },
    Late: {
      metric: ownMetric(scope, "latenessMs", "p90"),
      atLeast: 60_000,
      periods: 3,
      reason: "For a quarter of an hour one execution in ten started more than a minute after it was due.",
      next: "See on the dashboard which queue is old. Raise the concurrency of that function, or the Lambda concurrency of the account if Lambdas are throttled.",
    },
    Waiting: {
      metric: ownMetric(scope, "waiting"),
      atLeast: 1,
      reason: "Executions that are due have waited behind others of their function for more than an hour.",
      next: "See on the dashboard which queue is old: its function gets more than its concurrency can do, or an execution of it hangs. Nothing is lost.",
    },
    SweepCutShort: {
      metric: ownMetric(scope, "cutShort"),
      atLeast: 1,
      periods: 3,
      reason:
        "For a quarter of an hour sweeps had no time for everything that was overdue. Each function has its turn, but lost messages of the busiest ones are sent again late.",
      next: 'Search the log of the sweep for "swept": what there is much of. "waiting": a function gets more than it can do. "sentAgain": its queue loses messages, see its dead letters. Else see whether DynamoDB throttles.',
    },
  };
}

function ofRequests(scope: Construct): Partial<Record<AlarmId, AlarmRule>> {
  return {
    Unauthorized: {
      metric: ownMetric(scope, "unauthorized"),
      atLeast: 100,
      reason:
        "A hundred requests or more in five minutes had no valid token: somebody guesses, or a caller has an old one.",
      next: 'Search the log of the API for status 401. A caller of yours: give it the current token (docs/operations.md, "Rotate the token"). Nobody you know: a token of 43 characters is not guessed; set "throttling" if it costs too much.',
    },
  };
}

function ofQueues({ deadLetters, fireQueue }: Watched): Partial<Record<AlarmId, AlarmRule>> {
  const statistics = { period: PERIOD, statistic: "Maximum" };
  return {
    DeadLetters: {
      metric: sum(
        "dead letters",
        deadLetters.map((queue) => queue.metricApproximateNumberOfMessagesVisible(statistics)),
      ),
      atLeast: 1,
      reason:
        "A message failed ten times in an ordered queue, or for days in another one, and was put aside. The sweep takes out what is about an execution, and sends it again.",
      next: 'Search the logs of the functions for "message failed" at that time. What stays in the dead-letter queue is a tick or a step of a bulk job: read it, and purge the queue when the cause is gone; a redrive does no harm.',
    },
    FireQueueOld: {
      metric: fireQueue.metricApproximateAgeOfOldestMessage(statistics),
      // A message may be meant to wait there for 900 s, and the age may count that.
      atLeast: 1_200,
      reason: "Messages that are due stay in the fire queue: scheduled and strictly ordered functions start late.",
      next: "Look at the log of the fire Lambda and whether it is throttled.",
    },
  };
}

function ofLambdas(watched: Watched): Partial<Record<AlarmId, AlarmRule>> {
  const statistics = { period: PERIOD, statistic: "Sum" };
  const ours = [...ownLambdas(watched).values()];
  const anyOf = listLambdas(watched, "or");
  return {
    ApiFails: {
      metric: watched.http.metricServerError({ ...statistics, label: "5xx" }),
      atLeast: 5,
      reason: "The API answered five requests or more with 5xx in five minutes.",
      next: 'Search the log of the API for level "ERROR": the line has the request id, the route and the error. No line: the gateway could not reach the Lambda, see whether it is throttled.',
    },
    LambdasFail: {
      metric: sum(
        "errors",
        ours.map((lambda) => lambda.metricErrors(statistics)),
      ),
      atLeast: 1,
      periods: 2,
      reason: `The ${anyOf} Lambda ended with an error, a time-out or out of memory, twice within ten minutes.`,
      next: "See on the dashboard which one, then read the end of its log.",
    },
    LambdasThrottled: {
      metric: sum(
        "throttles",
        ours.map((lambda) => lambda.metricThrottles(statistics)),
      ),
      atLeast: 1,
      reason: `Lambda refused to run the ${anyOf} Lambda: the account's concurrency is used up.`,
      next: 'See on the dashboard who uses it. Give the busy function a concurrency, or ask AWS for a higher quota "Concurrent executions" (Lambda).',
    },
  };
}

// The one alarm that rings on silence.
function sweepStands(scope: Construct, { sweep }: Watched): Alarm {
  const statistics = { period: PERIOD, statistic: "Sum" };
  const metric = new MathExpression({
    expression: "invocations - errors",
    usingMetrics: { invocations: sweep.metricInvocations(statistics), errors: sweep.metricErrors(statistics) },
    period: PERIOD,
    label: "sweeps that came to their end",
  });
  const text = {
    reason:
      "No sweep came to its end in five minutes: lost work is not found, and retries of dead workers stand still.",
    next: "Read the log of the sweep. No line at all: see whether its schedule is enabled (EventBridge Scheduler) and its Lambda throttled.",
  };
  return alarm(scope, "SweepStands", text, {
    metric,
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
    treatMissingData: TreatMissingData.BREACHING,
  });
}

function alarm(scope: Construct, id: AlarmId, text: AlarmText, props: ConstructorParameters<typeof Alarm>[2]): Alarm {
  return new Alarm(scope, id, {
    ...props,
    alarmName: physicalName(scope, id),
    alarmDescription: alarmDescription(text),
  });
}
