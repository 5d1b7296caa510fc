import { DynamoDBDocumentClient, ScanCommand } from "@aws-sdk/lib-dynamodb";
import type { RunningCloud } from "../../../harness/a-cloud.ts";
import type { Caller } from "../../../harness/caller.ts";
import { fromItem, type Item } from "../../../lambdas/aws/dynamodb/item.ts";
import { RECORD } from "../../../lambdas/aws/dynamodb/key-schema.ts";

/** One call of the API, recorded by its caller. */
export interface Call {
  method: string;
  path: string;
  body?: unknown;
  idempotencyKey?: string | undefined;
  /** Counts invocations and answers of all calls: the one clock that nobody puts forward. */
  invoked: number;
  answered?: number;
  /** `unknown`: there was no answer, or one that says no more; it may have taken effect or not. */
  outcome: { answer: unknown } | { refused: number } | "unknown";
}

/** A record as a look into the table showed it. */
export interface Stored {
  id: string;
  version: number;
  state: string;
  attempt: number;
  functionName: string;
  functionId: string;
  /** Its `key` is named by one call of the soak only. */
  metadata: Readonly<Record<string, string>>;
  /** The execution that it is a re-run of. */
  rerunOf?: string | undefined;
  /** The bulk job that has changed it. */
  job?: string | undefined;
  /** Its follow-up is still to be made, which is one more write of its record. */
  waitsForFollowUp?: boolean;
  /** The start that was reserved for it by a rate. */
  notBeforeMs?: number | undefined;
}

/** All that callers and onlookers saw. */
export interface History {
  calls: Call[];
  /** Looks into the table, one after the other. */
  looks: Stored[][];
}

/** Returns `calls`, each recorded in `history`. */
export function recorded(calls: Caller, history: History): Caller {
  let moment = 0;
  return {
    ...calls,
    async send(method, path, body, idempotencyKey) {
      const call: Call = { method, path, body, idempotencyKey, invoked: moment++, outcome: "unknown" };
      history.calls.push(call);
      try {
        const answer = await calls.send(method, path, body, idempotencyKey);
        Object.assign(call, { outcome: { answer }, answered: moment++ });
        return answer;
      } catch (error) {
        const status = Number(/: (\d{3}) /.exec(String(error))?.[1] ?? 500);
        if (status < 500) Object.assign(call, { outcome: { refused: status }, answered: moment++ });
        throw error;
      }
    },
  };
}

/** Looks into the table, past the API, records what is there, and returns it. */
export async function look({ cloud, dynamodb }: RunningCloud, history: History): Promise<Stored[]> {
  const TableName = cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId;
  const documents = DynamoDBDocumentClient.from(dynamodb);
  const found: Stored[] = [];
  for (let start: Item | undefined, isMore = true; isMore; ) {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new ScanCommand({ TableName, ConsistentRead: true, ExclusiveStartKey: start }),
    );
    for (const item of Items.filter(({ kind }) => kind === RECORD)) {
      const execution = fromItem(item);
      if (execution === undefined) continue;
      const { id, version, state, attempt, functionName, functionId, metadata, rerunOf, job } = execution;
      const waitsForFollowUp = "followUpAtMs" in execution && execution.followUpAtMs !== undefined;
      const notBeforeMs = execution.state === "created" ? execution.notBeforeMs : undefined;
      const named = { id, version, state, attempt, functionName, functionId, metadata };
      found.push({ ...named, rerunOf, job, waitsForFollowUp, notBeforeMs });
    }
    start = LastEvaluatedKey;
    isMore = start !== undefined;
  }
  history.looks.push(found);
  return found;
}

/** Looks at the list and into the table again and again, until `stop` has resolved. */
export function lookOn(running: RunningCloud, history: History): AsyncDisposable & { stop: () => Promise<void> } {
  let isOver = false;
  const looking = (async () => {
    while (!isOver) {
      // A page that could not be read is one look less.
      await running.calls.send("POST", "", { page: { first: 100 } }).catch(() => {});
      await look(running, history);
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
  })();
  const stop = async () => {
    isOver = true;
    await looking;
  };
  return { stop, [Symbol.asyncDispose]: stop };
}

const LOOK_EVERY_MS = 700;
