import { expiringArguments } from "../decorators/expiring-arguments.ts";
import { lastingAttempts } from "../decorators/lasting-attempts.ts";
import { publishing } from "../decorators/publishing.ts";
import type { CommonEnv, TickingEnv } from "../env/variables.ts";
import { createLog } from "../log/log.ts";
import { logProblems } from "../log/log-problems.ts";
import { documentClient, sqsClient } from "./clients.ts";
import { sqsDispatcher } from "./dispatcher.ts";
import { dynamoAttempts } from "./dynamodb/attempts.ts";
import { dynamoExecutions } from "./dynamodb/executions.ts";
import { eventBus } from "./event-bus.ts";
import { writeLogLine } from "./log.ts";
import { s3Payloads } from "./payloads.ts";
import { systemClock as clock } from "./system-clock.ts";
import { tickMessages } from "./tick-messages.ts";
import { schedulerTimer } from "./timer.ts";

/** Opens what every Lambda works with: clients, the log, and the ports for executions on their way. */
export function sharedPorts(env: CommonEnv) {
  const dynamodb = documentClient();
  const sqs = sqsClient();
  const table = {
    tableName: env.EPOQUE_EXECUTIONS_TABLE,
    shards: env.EPOQUE_SHARDS,
    retentionDays: env.EPOQUE_RETENTION_DAYS,
  };
  const log = createLog({ namespace: env.EPOQUE_NAMESPACE, now: clock.now, writeLine: writeLogLine });
  const payloads = s3Payloads(env.EPOQUE_PAYLOAD_BUCKET);
  const attempts = dynamoAttempts(dynamodb, env.EPOQUE_ATTEMPTS_TABLE, clock, env.EPOQUE_RETENTION_DAYS);
  const lasting = lastingAttempts(dynamoExecutions(dynamodb, table, clock), attempts, log);
  const executions = expiringArguments(lasting, payloads, log);
  const ports = {
    clock,
    onDispatchError: logProblems(log),
    attempts,
    executions: publishing(executions, eventBus(env.EPOQUE_EVENT_BUS), log),
    dispatcher: sqsDispatcher(sqs, { functionPrefix: env.EPOQUE_QUEUE_URL_PREFIX, fire: env.EPOQUE_FIRE_QUEUE_URL }),
    timer: schedulerTimer({
      group: env.EPOQUE_SCHEDULE_GROUP,
      fireQueueArn: env.EPOQUE_FIRE_QUEUE_ARN,
      roleArn: env.EPOQUE_SCHEDULER_ROLE_ARN,
    }),
  };
  return { dynamodb, sqs, table, log, payloads, ports };
}

/** Opens the port for ticks of schedules. */
export function tickPort(sqs: ReturnType<typeof sqsClient>, env: TickingEnv) {
  return tickMessages(sqs, env.EPOQUE_TICK_QUEUE_URL, {
    group: env.EPOQUE_SCHEDULE_GROUP,
    queueArn: env.EPOQUE_TICK_QUEUE_ARN,
    roleArn: env.EPOQUE_TICK_ROLE_ARN,
  });
}
