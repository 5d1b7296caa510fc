import { GetObjectTaggingCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DynamoDBDocumentClient, type GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { aCloud, type RunningCloud } from "../../harness/a-cloud.ts";
import { sqsDeadLetters } from "../../lambdas/aws/dead-letters.ts";
import { dynamoAttempts } from "../../lambdas/aws/dynamodb/attempts.ts";
import { dynamoConsoleCodes } from "../../lambdas/aws/dynamodb/console-codes.ts";
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
import { s3Objects } from "../../lambdas/aws/objects.ts";
import { payloadsIn } from "../../lambdas/aws/payloads.ts";
import { systemClock } from "../../lambdas/aws/system-clock.ts";
import { reasonToSkip } from "../support/java.ts";
import { describeAttempts } from "./attempts.ts";
import { describeConsoleCodes } from "./console-codes.ts";
import { describeDeadLetters } from "./dead-letters.ts";
import { describeDebounces } from "./debounces.ts";
import { describeExecutions } from "./executions.ts";
import { describeFailures } from "./failures.ts";
import { describeIdempotencyKeys } from "./idempotency-keys.ts";
import { describeIndexes } from "./indexes.ts";
import { describeJobs } from "./jobs.ts";
import { describeLanes } from "./lanes.ts";
import { describeNamedTokens } from "./named-tokens.ts";
import { describePauses } from "./pauses.ts";
import { describePayloads } from "./payloads.ts";
import { describeRates } from "./rates.ts";
import { describeSchedules } from "./schedules.ts";

// The adapters, on the tables and the bucket of the template.

describe.each(["dynalite", "local"] as const)("with %s", (dynamodb) => {
  describe.skipIf(reasonToSkip(dynamodb) !== undefined)("in the local cloud", () => {
    let running: RunningCloud;
    let documents: DynamoDBDocumentClient;
    beforeAll(async () => {
      running = await aCloud({ dynamodb });
      documents = DynamoDBDocumentClient.from(running.dynamodb, { marshallOptions: { removeUndefinedValues: true } });
    });
    afterAll(() => running[Symbol.asyncDispose]());

    const idOf = (part: string) => {
      const found = running.cloud.resources.find(({ logicalId }) => logicalId.startsWith(part));
      if (found === undefined) throw new Error(`no resource ${part}…`);
      return found.physicalId;
    };

    const table = () => ({ tableName: idOf("StorageExecutions"), shards: 4 });
    for (const [name, client] of [
      [dynamodb, () => documents],
      [`${dynamodb}, every write sent twice`, () => sendingWritesTwice(documents)],
    ] as const) {
      describeExecutions(name, () => dynamoExecutions(client(), table(), systemClock));
      describeIdempotencyKeys(name, () => dynamoIdempotencyKeys(client(), table().tableName, systemClock));
      describeConsoleCodes(name, () => dynamoConsoleCodes(client(), table().tableName));
      describeDebounces(name, () => dynamoDebounces(client(), table().tableName));
      describeJobs(name, () => dynamoJobs(client(), table(), systemClock));
      describeLanes(name, () => dynamoLanes(client(), table(), systemClock));
      describeNamedTokens(name, () => dynamoNamedTokens(client(), table().tableName, systemClock));
      describePauses(name, () => dynamoPauses(client(), table().tableName, systemClock));
      describeSchedules(name, () => dynamoSchedules(client(), table(), systemClock));
      describeAttempts(name, () => dynamoAttempts(client(), idOf("StorageAttempts"), systemClock));
    }
    describeFailures(dynamodb, () => ({
      counter: dynamoFailureCounter(() => documents, table()),
      groups: dynamoFailureGroups(documents, table()),
    }));
    describeRates(dynamodb, () => dynamoRates(documents, table().tableName));
    describeIndexes(dynamodb, () => ({
      executions: dynamoExecutions(documents, table(), systemClock),
      // Pages as small as those of a large backlog are to it.
      indexes: dynamoIndexes(documents, table(), 10),
    }));

    describeDeadLetters("fauxqs", () => {
      const sqs = new SQSClient(running.client);
      const urlOf = ({ fifo }: { fifo: boolean }) => idOf(`SchedulingDeadLetters${fifo ? "Fifo" : "Standard"}`);
      const inOrder = { MessageGroupId: "all", MessageDeduplicationId: "id" };
      return {
        letters: sqsDeadLetters(sqs, [urlOf({ fifo: false }), urlOf({ fifo: true })]),
        put: async (MessageBody, { fifo }) =>
          void (await sqs.send(
            new SendMessageCommand({ QueueUrl: urlOf({ fifo }), MessageBody, ...(fifo && inOrder) }),
          )),
      };
    });

    const payloads = () => payloadsIn(async () => s3Objects(idOf("StoragePayloads"), new S3Client(running.client)));
    describePayloads("fauxqs", payloads);

    it("a link can be followed by who has no credentials", async () => {
      const key = `attempts/${crypto.randomUUID()}/1/result.json`;
      await payloads().store(key, '{"large":true}', 0, "application/json");
      const response = await fetch(await payloads().link(key));
      expect(response.headers.get("content-type")).toBe("application/json");
      expect(await response.json()).toEqual({ large: true });
    });

    it("an object that expires is marked for the rule of the template, and no copy of it is", async () => {
      const s3 = new S3Client(running.client);
      const tagsOf = async (Key: string) =>
        (await s3.send(new GetObjectTaggingCommand({ Bucket: idOf("StoragePayloads"), Key }))).TagSet;
      const [key, copy] = [`arguments/${crypto.randomUUID()}.json`, `arguments/${crypto.randomUUID()}.json`];
      const payload = await payloads().store(key, "[1]", 0, "application/json");
      expect(await tagsOf(key)).toEqual([]);
      await payloads().expire(payload, key, "application/json");
      await payloads().copy(payload, key, copy);
      expect(await tagsOf(key)).toEqual([{ Key: "ended", Value: "true" }]);
      expect(await tagsOf(copy)).toEqual([]);
      expect((await fetch(await payloads().link(key))).headers.get("content-type")).toBe("application/json");
    });
  });
});

/** Sends a write twice, as the SDK does when the answer is lost, and hears of the second time only. */
function sendingWritesTwice(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  return new Proxy(client, {
    get(target, name) {
      if (name !== "send") return Reflect.get(target, name) as unknown;
      return async (command: GetCommand) => {
        if (!(command instanceof PutCommand)) return target.send(command);
        await target.send(command).catch(() => {});
        return target.send(command);
      };
    },
  });
}
