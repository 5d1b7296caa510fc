import { randomBytes } from "node:crypto";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import type { Context } from "aws-lambda";
import { api } from "../../lambdas/api/api.ts";
import { sqsDispatcher } from "../../lambdas/aws/dispatcher.ts";
import { dynamoAttempts } from "../../lambdas/aws/dynamodb/attempts.ts";
import { dynamoDebounces } from "../../lambdas/aws/dynamodb/debounces.ts";
import { dynamoExecutions } from "../../lambdas/aws/dynamodb/executions.ts";
import { dynamoFailureCounter } from "../../lambdas/aws/dynamodb/failure-counter.ts";
import { dynamoFailureGroups } from "../../lambdas/aws/dynamodb/failure-groups.ts";
import { dynamoIdempotencyKeys } from "../../lambdas/aws/dynamodb/idempotency-keys.ts";
import { dynamoIndexes } from "../../lambdas/aws/dynamodb/indexes.ts";
import { dynamoJobs } from "../../lambdas/aws/dynamodb/jobs.ts";
import { dynamoLanes } from "../../lambdas/aws/dynamodb/lanes.ts";
import { dynamoNamedTokens } from "../../lambdas/aws/dynamodb/named-tokens.ts";
import { dynamoPauses } from "../../lambdas/aws/dynamodb/pauses.ts";
import { dynamoRates } from "../../lambdas/aws/dynamodb/rates.ts";
import { dynamoSchedules } from "../../lambdas/aws/dynamodb/schedules.ts";
import { failingAsUnavailable } from "../../lambdas/aws/failures.ts";
import { jobMessages } from "../../lambdas/aws/job-messages.ts";
import { cloudwatchLiveLogs } from "../../lambdas/aws/live-logs.ts";
import { s3Payloads } from "../../lambdas/aws/payloads.ts";
import { systemClock as clock } from "../../lambdas/aws/system-clock.ts";
import { tickMessages } from "../../lambdas/aws/tick-messages.ts";
import { schedulerTimer } from "../../lambdas/aws/timer.ts";
import { secretTokens } from "../../lambdas/aws/tokens.ts";
import type { Running } from "../../lambdas/core/execution.ts";
import { functionCatalog } from "../../lambdas/core/functions.ts";
import { claim } from "../../lambdas/flows/claim.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import { finish } from "../../lambdas/flows/finish.ts";
import { createLog } from "../../lambdas/log/log.ts";
import { type Answers, cannedRequestHandler, secret, takesMessages } from "../canned/answers.ts";
import { account, waiting, wireItem } from "../canned/executions.ts";
import { gatewayEvent, TOKEN } from "../canned/gateway-event.ts";

const NAME = "nothing";
const TABLE = "executions";
const PAGE = 50;

const RETRY = {
  maxAttempts: 0,
  initialIntervalSeconds: 1,
  multiplier: 2,
  maxIntervalSeconds: 60,
  randomizationFactor: 0,
};

/** Something our code does again and again. Rejects if it did not come out as it should. */
export interface MeasuredRequest {
  name: string;
  run(): Promise<void>;
}

/** The requests that the service lives of, each over ports whose network is replaced. */
export async function requests(): Promise<MeasuredRequest[]> {
  const due = waiting(NAME);
  const { recheckAtMs: _, ...begun } = due;
  const started: Running = { ...begun, state: "started", startedAtMs: Date.now(), leaseUntilMs: Date.now() + 45_000 };
  const listed = Array.from({ length: PAGE }, (_, index) => waiting(NAME, Date.now() - index));
  const [item, startedItem, items] = await Promise.all([
    wireItem(due),
    wireItem(started),
    Promise.all(listed.map(wireItem)),
  ]);
  const body = { function_name: NAME, function_arguments: ["Ada", { quality: "high" }], metadata: due.metadata };
  const filters = { metadata: [{ key: "plan", values: ["free"] }] };
  const claiming = portsOver({ ...answersWith(item) });
  const finishing = portsOver({ ...answersWith(startedItem) });
  const end = { outcome: { state: "succeed", result: '{"sent":3}' }, logs: "" } as const;
  return [
    apiRequest("enqueue", 201, answersWith(item), gatewayEvent("putExecution", {}, body)),
    apiRequest("get", 200, answersWith(item), gatewayEvent("getExecution", { id: due.id })),
    apiRequest(
      `list ${PAGE}`,
      200,
      { ...answersWith(item), ...answersWithList(items) },
      gatewayEvent("postList", {}, { page: { first: PAGE }, filters }),
    ),
    {
      name: "claim",
      async run() {
        const claimed = await claim(claiming, messageOf(due));
        if (!("claimed" in claimed)) throw new Error(`was not claimed: ${JSON.stringify(claimed)}`);
      },
    },
    {
      name: "finish",
      async run() {
        const state = await finish(finishing, started, end);
        if (state !== "succeed") throw new Error(`did not finish: ${state}`);
      },
    },
  ];
}

function apiRequest(
  name: string,
  status: number,
  answers: Answers,
  event: ReturnType<typeof gatewayEvent>,
): MeasuredRequest {
  const handler = api(portsOver(answers));
  return {
    name,
    async run() {
      const { statusCode, body } = await handler(event, {} as Context);
      if (statusCode !== status) throw new Error(`${name}: ${statusCode} ${body}`);
    },
  };
}

function answersWith(item: object): Answers {
  const found = JSON.stringify({ Item: item });
  return {
    ...takesMessages,
    ...secret(TOKEN),
    getItem: () => found,
    putItem: () => "{}",
    batchWriteItem: () => '{"UnprocessedItems":{}}',
  };
}

function answersWithList(items: object[]): Answers {
  const keys = JSON.stringify({
    Items: items.map((item) => ({ id: (item as { id: object }).id })),
    Count: items.length,
  });
  const records = JSON.stringify({ Responses: { [TABLE]: items }, UnprocessedKeys: {} });
  return { query: () => keys, batchGetItem: () => records };
}

// As the handlers put them together.
function portsOver(answers: Answers) {
  const settings = { ...account, requestHandler: cannedRequestHandler(answers) };
  const dynamodb = DynamoDBDocumentClient.from(failingAsUnavailable(new DynamoDBClient(settings)), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const sqs = failingAsUnavailable(new SQSClient({ ...settings, useQueueUrlAsEndpoint: false }));
  const secrets = failingAsUnavailable(new SecretsManagerClient(settings));
  const table = { tableName: TABLE, shards: 4 };
  const queues = "https://sqs.eu-west-1.amazonaws.com/000000000000";
  return {
    clock,
    randomBytes,
    random: Math.random,
    liveLogs: cloudwatchLiveLogs("/epoque/Epoque-fn-"),
    failures: dynamoFailureGroups(dynamodb, table),
    failureCounter: dynamoFailureCounter(() => dynamodb, table),
    jobs: dynamoJobs(dynamodb, table, clock),
    jobMessages: jobMessages(sqs, `${queues}/bulk`),
    executionTokens: "tree" as const,
    onDispatchError: (problem: string, _: object, error: unknown) => {
      throw new Error(problem, { cause: error });
    },
    log: createLog({ namespace: "Epoque", now: clock.now, writeLine: () => {} }),
    functions: functionCatalog([
      {
        name: NAME,
        id: waiting(NAME).functionId,
        fifo: false,
        retry: RETRY,
        settings: { maxDurationSeconds: 885, compute: "lambda", memory: 1024, config: {} },
      },
    ]),
    executions: dynamoExecutions(dynamodb, table, clock),
    indexes: dynamoIndexes(dynamodb, table),
    idempotencyKeys: dynamoIdempotencyKeys(dynamodb, TABLE, clock),
    attempts: dynamoAttempts(dynamodb, "attempts", clock),
    debounces: dynamoDebounces(dynamodb, table.tableName),
    lanes: dynamoLanes(dynamodb, table, clock),
    rates: dynamoRates(dynamodb, TABLE),
    // The canned answers have an item for every key.
    alarms: { ringing: async () => [] },
    namedTokens: dynamoNamedTokens(dynamodb, TABLE, clock),
    pauses: { ...dynamoPauses(dynamodb, TABLE, clock), isPaused: async () => false },
    readOpenapi: () => "{}",
    readConsoleFile: () => undefined,
    consoleCodes: { use: async () => true },
    payloads: s3Payloads("payloads"),
    tokens: secretTokens(secrets, { apiToken: "token", signingKey: "key" }, clock),
    schedules: dynamoSchedules(dynamodb, table, clock),
    ticks: tickMessages(sqs, `${queues}/ticks`, { group: "epoque", queueArn: "arn", roleArn: "arn" }),
    timer: schedulerTimer({ group: "epoque", fireQueueArn: "arn", roleArn: "arn" }),
    dispatcher: sqsDispatcher(sqs, { functionPrefix: `${queues}/epoque-`, fire: `${queues}/fire` }),
  };
}
