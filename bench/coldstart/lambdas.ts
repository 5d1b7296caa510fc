import { join } from "node:path";
import type { LambdaCode } from "../../builder/build-code.ts";
import type { EnvName as ApiEnv } from "../../lambdas/api/env.ts";
import { encodeDueMessage } from "../../lambdas/aws/encode-due-message.ts";
import type { EnvName as BulkEnv } from "../../lambdas/bulk/env.ts";
import type { EnvName as FireEnv } from "../../lambdas/fire/env.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import type { EnvName as RunEnv } from "../../lambdas/run/env.ts";
import type { EnvName as SweepEnv } from "../../lambdas/sweep/env.ts";
import { type Answers, secret, takesMessages } from "../canned/answers.ts";
import { waiting, wireItem } from "../canned/executions.ts";
import { gatewayEvent, TOKEN } from "../canned/gateway-event.ts";

/** A handler to start, and what it is started with. */
export interface Start {
  name: string;
  folder: string;
  event: unknown;
}

const queues = "https://sqs.eu-west-1.amazonaws.com/000000000000";

/** The environment that the stacks set. */
export const environment = {
  EPOQUE_EXECUTIONS_TABLE: "executions",
  EPOQUE_ATTEMPTS_TABLE: "attempts",
  EPOQUE_PAYLOAD_BUCKET: "payloads",
  EPOQUE_API_TOKEN_SECRET: "token",
  EPOQUE_SIGNING_KEY_SECRET: "key",
  EPOQUE_QUEUE_URL_PREFIX: `${queues}/epoque-`,
  EPOQUE_FIRE_QUEUE_URL: `${queues}/fire`,
  EPOQUE_FIRE_QUEUE_ARN: "arn:aws:sqs:eu-west-1:000000000000:fire",
  EPOQUE_SCHEDULE_GROUP: "epoque",
  EPOQUE_SCHEDULER_ROLE_ARN: "arn:aws:iam::000000000000:role/scheduler",
  EPOQUE_TICK_QUEUE_URL: `${queues}/ticks`,
  EPOQUE_TICK_QUEUE_ARN: "arn:aws:sqs:eu-west-1:000000000000:ticks",
  EPOQUE_TICK_ROLE_ARN: "arn:aws:iam::000000000000:role/ticks",
  EPOQUE_BULK_QUEUE_URL: `${queues}/bulk`,
  EPOQUE_LOG_GROUP_PREFIX: "/epoque/Epoque-fn-",
  EPOQUE_DEAD_LETTERS_URL: `${queues}/dead`,
  EPOQUE_FIFO_DEAD_LETTERS_URL: `${queues}/dead.fifo`,
  EPOQUE_NAMESPACE: "Epoque",
  EPOQUE_RETENTION_DAYS: "30",
  EPOQUE_EXECUTION_TOKENS: "tree",
  EPOQUE_SHARDS: "4",
  EPOQUE_USER_ENVIRONMENT: "{}",
  EPOQUE_USER_SECRETS: "{}",
  EPOQUE_ENDPOINT: "https://api.test",
} satisfies Record<ApiEnv | FireEnv | SweepEnv | BulkEnv | RunEnv, string>;

/** Each Lambda with an ordinary first event. */
export function starts(code: LambdaCode): Start[] {
  const runner = code.functions.find(({ manifest }) => manifest.name === "nothing");
  if (runner === undefined) throw new Error("no function was built");
  const due = waiting(runner.manifest.name);
  const message = {
    messageId: "message",
    receiptHandle: "receipt",
    body: encodeDueMessage(messageOf(due)),
    attributes: { ApproximateReceiveCount: "1" },
    eventSourceARN: "arn:aws:sqs:eu-west-1:000000000000:queue",
  };
  const body = { function_name: runner.manifest.name, function_arguments: ["Ada"] };
  return [
    { name: "api, read one", folder: code.api, event: gatewayEvent("getExecution", { id: due.id }) },
    { name: "api, enqueue", folder: code.api, event: gatewayEvent("putExecution", {}, body) },
    { name: "run", folder: runner.directory, event: { Records: [message] } },
    { name: "fire", folder: code.fire, event: { Records: [message] } },
    { name: "sweep", folder: code.sweep, event: {} },
  ];
}

/** An account with one execution, which changes as it is written. Ready for the next start after `reset`. */
export async function accountWithOne(functionName: string): Promise<{ answers: Answers; reset(): void }> {
  const first = await wireItem(waiting(functionName));
  let item: object = first;
  return {
    answers: {
      ...takesMessages,
      ...secret(TOKEN),
      getItem: (body) => {
        const { Key } = JSON.parse(body) as { Key: { kind?: { S: string } } };
        // Nothing is paused, and no other item is there.
        return JSON.stringify(Key.kind?.S === "execution" ? { Item: item } : {});
      },
      putItem: (body) => {
        const { TableName, Item } = JSON.parse(body) as { TableName: string; Item: object };
        if (TableName === environment.EPOQUE_EXECUTIONS_TABLE) item = Item;
        return "{}";
      },
      receiveMessage: () => "{}",
      query: () => JSON.stringify({ Items: [], Count: 0, ScannedCount: 0 }),
    },
    reset() {
      item = first;
    },
  };
}

export const firstAnswer = join(import.meta.dirname, "first-answer.mjs");
