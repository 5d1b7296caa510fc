import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { dynamoExecutions } from "../../lambdas/aws/dynamodb/executions.ts";
import { systemClock } from "../../lambdas/aws/system-clock.ts";
import type { Created, Execution } from "../../lambdas/core/execution.ts";
import { functionId, newExecutionId } from "../../lambdas/core/ids.ts";
import { cannedRequestHandler } from "./answers.ts";

/** Settings of SDK clients for servers that check no signature. */
export const account = {
  region: "eu-west-1",
  credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
};

/** An execution that is due, as an ordinary user makes it. */
export function waiting(functionName: string, nowMs = Date.now()): Created {
  return {
    state: "created",
    id: newExecutionId(nowMs, crypto.getRandomValues(new Uint8Array(16)), functionId(functionName)),
    functionName,
    functionId: functionId(functionName),
    version: 0,
    revision: 0,
    dispatches: 1,
    recheckAtMs: nowMs + 60_000,
    attempt: 1,
    createdAtMs: nowMs,
    attemptCreatedAtMs: nowMs,
    updatedAtMs: nowMs,
    scheduledAtMs: nowMs,
    metadata: { plan: "free", user: "4711" },
    arguments: { inline: '["https://example.test/videos/1",{"quality":"high"}]' },
    tokenSeed: "x".repeat(43),
  };
}

/** The item of an execution as DynamoDB sends it: taken from what our own adapter and the SDK would write. */
export async function wireItem(execution: Execution): Promise<object> {
  let item = {};
  const requestHandler = cannedRequestHandler({
    putItem: (body) => {
      item = (JSON.parse(body) as { Item: object }).Item;
      return "{}";
    },
  });
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({ ...account, requestHandler }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  const executions = dynamoExecutions(documents, { tableName: "executions", shards: 4 }, systemClock);
  await executions.apply({ from: execution, to: execution } as never);
  return item;
}
