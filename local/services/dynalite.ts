import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import { AwsFailure } from "../gateway/failures.ts";
import { parseJson } from "../gateway/json-body.ts";
import type { GatewayResponse, Service } from "../gateway/messages.ts";
import type { Backend } from "./backend.ts";

// Its HTTP server has no authentication and lets every web page read answers, so this calls its modules directly. The
// version is pinned; there are no types.
interface Store {
  lifecycleManager: { gracefulClose(): Promise<void> };
}
type Action = (store: Store, parameters: unknown, callback: (error: unknown, answer: unknown) => void) => void;
interface Validation {
  types: unknown;
  custom: unknown;
}
interface Validations {
  checkTypes(parameters: unknown, types: unknown): unknown;
  checkValidations(parameters: unknown, types: unknown, custom: unknown, store: Store): void;
}

const require = createRequire(import.meta.url);
const { create } = require("dynalite/db") as { create(options: Record<string, unknown>): Store };
const { checkTypes, checkValidations } = require("dynalite/validations") as Validations;

const ACTIONS = [
  ...["BatchGetItem", "BatchWriteItem", "CreateTable", "DeleteItem", "DeleteTable", "DescribeTable"],
  ...["DescribeTimeToLive", "GetItem", "ListTables", "ListTagsOfResource", "PutItem", "Query", "Scan"],
  ...["TagResource", "UntagResource", "UpdateItem", "UpdateTable"],
];

/** How long to wait at the end for running calls. */
const MAX_WAIT_MS = 2_000;

/** DynamoDB by dynalite, in this process. Without transactions, TTL, streams and index capacity. */
export async function startDynalite(directory: string | undefined): Promise<Backend> {
  const noDelays = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  const store = create({ ...noDelays, ...(directory !== undefined && { path: directory }) });
  const pending = new Set<Promise<unknown>>();
  const dynamodb: Service = ({ action }, { body }) => {
    const answer = call(store, action, body);
    pending.add(answer);
    return answer.finally(() => pending.delete(answer));
  };
  return {
    services: { dynamodb },
    async stop() {
      // Calls of a killed function continue; they throw if the store closes first.
      await Promise.race([Promise.allSettled(pending), sleep(MAX_WAIT_MS, undefined, { ref: false })]);
      await store.lifecycleManager.gracefulClose();
    },
  };
}

async function call(store: Store, action: string, body: Buffer): Promise<GatewayResponse> {
  if (!ACTIONS.includes(action)) {
    throw new AwsFailure(400, "com.amazon.coral.service#UnknownOperationException", `dynalite has no ${action}.`);
  }
  const module = action[0]?.toLowerCase() + action.slice(1);
  const run = require(`dynalite/actions/${module}`) as Action;
  const { types, custom } = require(`dynalite/validations/${module}`) as Validation;
  try {
    // Parses again, since dynalite changes the result.
    const parameters = checkTypes(parseJson(body), types);
    checkValidations(parameters, types, custom, store);
    const answer = await new Promise((resolve, reject) =>
      run(store, parameters, (error, answer) => (error ? reject(error) : resolve(answer))),
    );
    return response(200, answer);
  } catch (error) {
    // Refusals carry DynamoDB's answer; other errors are faults.
    const { statusCode, body: refusal } = error as { statusCode?: number; body?: unknown };
    if (statusCode === undefined) throw error;
    return response(statusCode, refusal);
  }
}

function response(status: number, answer: unknown): GatewayResponse {
  return {
    status,
    headers: { "content-type": "application/x-amz-json-1.0", "x-amzn-requestid": randomUUID() },
    body: JSON.stringify(answer),
  };
}
