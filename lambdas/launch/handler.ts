import type { Context, SQSBatchResponse, SQSEvent } from "aws-lambda";
import { hastyDocumentClient } from "../aws/clients.ts";
import { deployedFunctions } from "../aws/deployed-functions.ts";
import { dynamoFailureCounter } from "../aws/dynamodb/failure-counter.ts";
import { dynamoLanes } from "../aws/dynamodb/lanes.ts";
import { dynamoPauses } from "../aws/dynamodb/pauses.ts";
import { dynamoRates } from "../aws/dynamodb/rates.ts";
import { sharedPorts } from "../aws/shared-ports.ts";
import { Due, messageHandler } from "../aws/sqs-handler.ts";
import { TaskStateChange } from "../aws/stopped-task.ts";
import { systemClock as clock } from "../aws/system-clock.ts";
import { ecsClient, ecsTasks, type TaskNetwork } from "../aws/tasks.ts";
import { launchFault } from "../core/task-exit.ts";
import { launch } from "../flows/launch.ts";
import { taskStopped } from "../flows/task-stopped.ts";
import { Env } from "./env.ts";

const env = Env.parse(process.env);
const { dynamodb, sqs, table, log, ports: shared } = sharedPorts(env);

function networkOf(functionName: string): TaskNetwork {
  const { networks, byFunction } = env.EPOQUE_NETWORKS;
  return networks[byFunction[functionName] ?? 0] as TaskNetwork;
}

const ports = {
  ...shared,
  random: Math.random,
  functions: deployedFunctions(),
  failureCounter: dynamoFailureCounter(hastyDocumentClient, table),
  lanes: dynamoLanes(dynamodb, table, clock),
  rates: dynamoRates(dynamodb, table.tableName),
  pauses: dynamoPauses(dynamodb, table.tableName, clock),
  tasks: ecsTasks(ecsClient(), {
    cluster: env.EPOQUE_CLUSTER,
    familyPrefix: env.EPOQUE_TASK_FAMILY_PREFIX,
    networkOf,
  }),
};

/** Launches tasks for what is due. */
const handleDue = messageHandler(Due, { sqs, log }, async (message, { requestId }) => {
  const result = await launch(ports, message);
  const about = { requestId, function: message.functionName, executionId: message.executionId };
  if ("launched" in result) {
    const { launched, latenessMs } = result;
    log(
      { message: "task launched", ...about, task: launched.task },
      { ...(latenessMs !== undefined && { latenessMs }) },
    );
  } else if ("dropped" in result) log({ message: "message dropped", ...about, reason: result.dropped });
  else log({ message: "message sent back", ...about, reason: "early", ...result.sentBack });
});

/** Clears up behind tasks that have stopped. */
const handleStopped = messageHandler(TaskStateChange, { sqs, log }, async (stopped, { requestId }) => {
  const { task, launch, exit } = stopped;
  const { lost, unclaimed } = await taskStopped(ports, stopped);
  const about = { requestId, function: launch.functionName, executionId: lost?.id ?? launch.executionId, task };
  const reason = exit.reason === "lost" ? exit.why : exit.reason;
  if (lost !== undefined) log({ message: "worker lost", ...about, reason }, { lost: 1 });
  else if (unclaimed === "failed")
    log({ message: "task could not be started, given up", ...about, reason }, { failed: 1 });
  else if (unclaimed !== undefined) {
    const lost = launchFault(exit) === undefined ? 0 : 1;
    log({ message: "task stopped before it began", ...about, reason }, { lost });
  } else log({ message: "task stopped", ...about });
});

/** An event of ECS counts only where no function can write: in the queue of events. */
export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  const isStopped = event.Records[0]?.eventSourceARN === env.EPOQUE_STOPPED_QUEUE_ARN;
  return isStopped ? handleStopped(event, context) : handleDue(event, context);
}
