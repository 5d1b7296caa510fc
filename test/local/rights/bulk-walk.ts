import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { RunningCloud } from "../../../harness/a-cloud.ts";
import { until } from "../../../harness/until.ts";

/** More than fits into records. */
const BIG = "x".repeat(10_000);

const MARKED = { metadata: [{ key: "bulk", values: ["1"] }] };

/** A journey of bulk jobs. */
export interface BulkWalk {
  running: RunningCloud;
  /** A time so many minutes ahead by the clock of the Lambdas. */
  inMinutes: (minutes: number) => string;
  advance: (ms: number) => Promise<void>;
  isParked: (id: string) => Promise<boolean>;
  seen: (role: string, action: string, queue?: string) => Promise<void>;
}

/** Lets jobs find executions by every index, and act on them near and far, with large arguments, parked and gone. */
export async function walkBulk(walk: BulkWalk): Promise<void> {
  const { calls } = walk.running;
  const id = await calls.enqueue("plain", [BIG], { metadata: { bulk: "1" } });
  const far = { schedule_for: walk.inMinutes(60) };
  const inOrder = await calls.enqueue("oneByOne", ["v"], { metadata: { bulk: "2" } });
  const { function_id } = await calls.ended(inOrder);
  await calls.ended(id);
  await work(walk, { action: "rerun", filters: MARKED, arguments: [BIG], ...far });
  await work(walk, { action: "rerun", filters: MARKED, limit: 1 });
  await work(walk, { action: "cancel", filters: { ...MARKED, states: ["created"] } });
  await work(walk, { action: "rerun", filters: { function_ids: [function_id] }, limit: 1 });
  const soon = { schedule_for: walk.inMinutes(0.5) };
  await work(walk, { action: "rerun", filters: { function_ids: [function_id] }, limit: 1, ...soon });
  // Among them a retry, first by two weeks.
  const waiting = { states: ["created"], function_ids: [function_id] };
  await work(walk, { action: "reschedule", filters: waiting, schedule_for: walk.inMinutes(20_000) });
  await work(walk, { action: "reschedule", filters: waiting });
  for (const filters of [{ states: ["aborting"] }, { executed_by: id }])
    await work(walk, { action: "cancel", filters });
  await work(walk, { action: "rerun", filters: {}, limit: 1 });
  await cancelParked(walk, id);
  await rerunGone(walk, id);
  await recover(walk);
  await calls.send("GET", "/../bulk");
}

async function work({ running }: BulkWalk, body: object): Promise<void> {
  const { data } = (await running.calls.send("POST", "/../bulk", body)) as { data: { id: string } };
  await until(
    async () => ((await running.calls.send("GET", `/../bulk/${data.id}`)) as { data: { state: string } }).data.state,
    (state) => state === "done",
  );
}

async function cancelParked(walk: BulkWalk, id: string): Promise<void> {
  const { calls } = walk.running;
  const metadata = { bulk: "parked" };
  await calls.send("POST", "/../functions/plain/pause");
  await walk.advance(10_000);
  const parked = await calls.enqueue("plain", ["v"], { metadata });
  await until(
    () => walk.isParked(parked),
    (is) => is,
  );
  await work(walk, { action: "cancel", filters: { metadata: [{ key: "bulk", values: ["parked"] }] } });
  await calls.send("POST", "/../functions/plain/resume");
  await calls.ended(id);
}

/** An execution whose arguments S3 deleted after their retention. */
async function rerunGone(walk: BulkWalk, id: string): Promise<void> {
  const { cloud, client } = walk.running;
  const bucket = cloud.resources.find(({ type }) => type === "AWS::S3::Bucket");
  const s3 = new S3Client({ ...client, forcePathStyle: true });
  await s3.send(new DeleteObjectCommand({ Bucket: bucket?.physicalId, Key: `arguments/plain/${id}.json` }));
  await work(walk, { action: "rerun", filters: MARKED, limit: 1 });
}

/** A job whose message was lost, found by the sweep. */
async function recover({ running, advance, seen }: BulkWalk): Promise<void> {
  const { cloud, dynamodb } = running;
  const table = cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"));
  const at = { N: "1000" };
  const data = {
    ...{ action: { S: "wake" }, functionName: { S: "plain" }, state: { S: "running" }, step: { N: "0" } },
    ...{ stepAtMs: at, createdAtMs: at, updatedAtMs: at },
  };
  await dynamodb.send(
    new PutItemCommand({
      TableName: table?.physicalId,
      Item: {
        ...{ id: { S: `job#${crypto.randomUUID()}` }, kind: { S: "job" }, version: { N: "0" }, data: { M: data } },
        ...{ recheck_at: at, wake_shard: { S: "0" }, wake_at: at },
      },
    }),
  );
  await advance(60_000);
  await seen("SweepHandlerRole", "sqs:SendMessage", "Epoque-bulk");
}
