import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { PurgeQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { RunningCloud } from "../../../harness/a-cloud.ts";
import { until } from "../../../harness/until.ts";
import type { AuthorizationRequest } from "../../../local/gateway/policy/authorization-request.ts";
import { walkBulk } from "./bulk-walk.ts";
import type { WhileParking } from "./while-parking.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/** More than fits into records. */
const BIG = "x".repeat(10_000);

const FUNCTIONS = ["plain", "far", "oneByOne"] as const;
const DEAD_LETTERS = ["Epoque-dead", "Epoque-dead.fifo"];

type Name = (typeof FUNCTIONS)[number];

/** Runs all paths of the product that call AWS, with the functions of `test/fixtures/rights`. */
export async function journey(
  running: RunningCloud,
  asked: readonly AuthorizationRequest[],
  parking: WhileParking,
): Promise<void> {
  const walk = new Walk(running, asked, parking);
  await walk.api();
  const ended = await Promise.all(FUNCTIONS.map((name) => walk.large(name)));
  for (const [index, name] of FUNCTIONS.entries()) await walk.early(name, ended[index] ?? "");
  await walk.retries();
  await walk.paused();
  await walk.bulk();
  await walk.followUp();
  await walk.timer();
  await walk.ticks();
  await walk.schedules(ended[0] ?? "");
  await walk.lost(ended[0] ?? "");
  await walk.broken();
  await walk.gone(ended[0] ?? "");
  await walk.weeks(ended[0] ?? "");
}

class Walk {
  readonly #running: RunningCloud;
  readonly #sqs: SQSClient;
  /** Allowed requests so far; grows. */
  readonly #asked: readonly AuthorizationRequest[];
  readonly #parking: WhileParking;
  /** How far the clock of the Lambdas is ahead. */
  #aheadMs = 0;

  constructor(running: RunningCloud, asked: readonly AuthorizationRequest[], parking: WhileParking) {
    this.#running = running;
    this.#sqs = new SQSClient(running.client);
    this.#asked = asked;
    this.#parking = parking;
  }

  /** Enqueues by key, lists by every index, and reads missing executions. */
  async api(): Promise<void> {
    const { calls, cloud } = this.#running;
    const body = { function_name: "plain", function_arguments: ["v"], metadata: { user: "1" } };
    const first = (await calls.send("PUT", "", body, "key")) as { data: { id: string; function_id: string } };
    await calls.send("PUT", "", body, "key");
    await calls.ended(first.data.id);
    for (const filters of [
      {},
      { states: ["created"] },
      { function_ids: [first.data.function_id] },
      { executed_by: first.data.id },
      { metadata: [{ key: "user", values: ["1"] }] },
    ]) {
      await calls.send("POST", "", { filters });
    }
    await calls.send("GET", "/../alarms");
    await fetch(`${cloud.apiEndpoint}/nowhere`);
  }

  /** Arguments and a result in S3, copied and by a link; and a cancelled execution that never needs them. */
  async large(name: Name): Promise<string> {
    const { calls } = this.#running;
    const id = await calls.enqueue(name, [BIG]);
    await calls.ended(id);
    await calls.result(id);
    await calls.send("GET", `/${id}/arguments`);
    const { data } = (await calls.send("POST", `/${id}/reruns`)) as { data: { id: string } };
    await calls.ended(data.id);
    const waiting = await calls.enqueue(name, [BIG], { schedule_for: this.#inMinutes(10) });
    await calls.send("POST", `/${waiting}/cancellation`);
    return id;
  }

  /** An object that S3 deleted after its retention. */
  async gone(ended: string): Promise<void> {
    await this.#deleteObject(`arguments/${FUNCTIONS[0]}/${ended}.json`);
    await this.#running.calls.send("GET", `/${ended}/arguments`).catch(() => {});
  }

  /** Schedules with large arguments, some of whose executions are further off than queues reach, or are cancelled. */
  async schedules(ended: string): Promise<void> {
    const { calls, cloud } = this.#running;
    const path = "/../schedules";
    const put = (name: string, more: object) =>
      calls.send("PUT", `${path}/${name}`, { function_name: "plain", function_arguments: [BIG], ...more });
    await put("spread", { every_seconds: 5, jitter_seconds: 3_600, function_arguments: ["v"] });
    // In an hour of the clock of the Lambdas: with the timer, and taken back.
    await put("hourly", { cron: "@hourly" });
    await put("hourly", { every_seconds: 3_600 });
    // The next tick cancels an execution that waits behind another one.
    const hangs = await calls.enqueue("oneByOne", ["v", await aFile(), ["hang"]]);
    await this.#reaches(hangs, { state: "started", attempt: 1 });
    await calls.send("GET", `/${hangs}/logs`);
    await put("alone", { function_name: "oneByOne", every_seconds: 2, overlap: "cancel" });
    await this.#seen("SchedulingFireRole", "s3:PutObjectTagging");
    // Ticks in a moment, and then with the timer, which fires when the clock is moved once more.
    const soon = this.#inMinutes(0.15);
    await put("later", { every_seconds: 1_000, anchor: soon, function_arguments: ["v"] });
    await this.#seen("SchedulingFireRole", "scheduler:CreateSchedule");
    const role = cloud.resources.find(
      ({ logicalId, type }) => type === "AWS::IAM::Role" && logicalId.startsWith("SchedulingTickRole"),
    );
    await this.#seen("SchedulingFireRole", "iam:PassRole", role?.physicalId);
    await calls.send("GET", `${path}?function_ids=${crypto.randomUUID()}`);
    await calls.send("GET", path);
    for (const name of ["spread", "hourly", "alone"]) await calls.send("DELETE", `${path}/${name}`);
    await calls.send("POST", `/${hangs}/cancellation`, { force: true });
    await this.#cancelRetried(ended);
  }

  /** A tick cancels a retry that runs since last week: the attempt before it is kept for longer. */
  async #cancelRetried(ended: string): Promise<void> {
    const { calls } = this.#running;
    const path = "/../schedules/retried";
    const hang = { function_name: "plain", function_arguments: ["v", await aFile(), Array(20).fill("hang")] };
    await calls.send("PUT", path, { ...hang, every_seconds: 5, overlap: "cancel" });
    const last = async () =>
      ((await calls.send("GET", path)) as { data: { last_execution_id?: string } }).data.last_execution_id;
    const isSeen = () => this.#has("SchedulingFireRole", "dynamodb:PutItem", this.#table("StorageAttempts"));
    // Where the next tick is quicker than these changes, the execution after it is changed.
    for (let tries = 0, id = ""; tries < 10 && !isSeen(); tries++) {
      id = (await until(last, (it) => it !== undefined && it !== id)) ?? "";
      await until(
        () => this.#record(id),
        (record) => record["state"]?.S !== "created",
      );
      await this.#writeEnd(id, ended);
      const lastWeekMs = Date.now() - 8 * DAY_MINUTES * MINUTE_MS;
      await this.#change(id, {
        attempt: 2,
        createdAtMs: lastWeekMs,
        scheduledAtMs: lastWeekMs,
        updatedAtMs: lastWeekMs,
      });
      await until(last, (it) => it !== id);
    }
    await this.#seen("SchedulingFireRole", "dynamodb:PutItem", this.#table("StorageAttempts"));
    await calls.send("DELETE", path);
  }

  /** A message before its due time, as with differing clocks; then an outcome that another writer recorded first. */
  async early(name: Name, ended: string): Promise<void> {
    const { calls } = this.#running;
    const scheduledAtMs = Date.now() + 10 * MINUTE_MS;
    const id = await calls.enqueue(name, [BIG], { schedule_for: new Date(scheduledAtMs).toISOString() });
    await this.#send(this.#queue(name), { executionId: id, revision: 0, functionName: name, scheduledAtMs });
    await this.#seen(`Function${name}`, "sqs:SendMessage");
    await this.#writeEnd(id, ended);
    await calls.send("PATCH", `/${id}/schedule`, {});
    await calls.ended(id);
  }

  /** Executions due within the second, in a moment, and in an hour. */
  async retries(): Promise<void> {
    const { calls } = this.#running;
    const far = await calls.enqueue("far", ["v", await aFile(), ["fail"]]);
    await this.#reaches(far, { state: "created", attempt: 2 });
    await calls.send("PATCH", `/${far}/schedule`, { schedule_for: this.#inMinutes(14 * DAY_MINUTES) });
    await calls.ended(await calls.enqueue("plain", ["v", await aFile(), ["fail"]]));
    const later = await calls.enqueue("oneByOne", ["v", await aFile(), ["fail until later"]]);
    await this.#reaches(later, { state: "created", attempt: 2 });
    const near = await calls.enqueue("oneByOne", ["v", await aFile(), ["fail", "fail"]]);
    await calls.ended(near);
    await calls.send("GET", `/${near}/attempts`);
  }

  /**
   * Retries in more than a week, after attempts with large results: one of them of a function whose latest deployment
   * has no retries.
   */
  async weeks(ended: string): Promise<void> {
    const { calls } = this.#running;
    const acts = ["fail at length until next week"];
    // Invalid messages hold up a queue in order for minutes.
    await this.#sqs.send(new PurgeQueueCommand({ QueueUrl: this.#urlOf(this.#queue("oneByOne")) }));
    const retried = (["far", "oneByOne"] as const).map(async (name) => {
      const id = await calls.enqueue(name, [BIG, await aFile(), acts]);
      await this.#reaches(id, { state: "created", attempt: 2 });
      return id;
    });
    const ids = await Promise.all(retried);
    const without = await calls.enqueue("plain", ["v"], {
      schedule_for: this.#inMinutes(8 * DAY_MINUTES),
    });
    await this.#writeEnd(without, ended);
    await this.#s3().send(
      new PutObjectCommand({ ...this.#object(`attempts/plain/${without}/1/result.json`), Body: JSON.stringify(BIG) }),
    );
    await this.#change(without, { attempt: 2 });
    ids.push(without);
    // Asked for a moment earlier: a message of the timer would wait for its minute in real time.
    await this.#advance((8 * DAY_MINUTES - 5) * MINUTE_MS);
    for (const id of ids) await calls.send("PATCH", `/${id}/schedule`, {});
    // Earlier results are copied once the last one is stored.
    for (const id of ids) await this.#seen("Function", "s3:GetObject", `${id}/1/result.json`);
  }

  /** Executions that are parked while paused, and woken by the API or, resumed meanwhile, by the runner that parks. */
  async paused(): Promise<void> {
    const { calls } = this.#running;
    for (const name of FUNCTIONS) {
      const resume = () => calls.send("POST", `/../functions/${name}/resume`);
      await this.#pause(name);
      const parked = await calls.enqueue(name, ["v"]);
      await until(
        () => this.#isParked(parked),
        (is) => is,
      );
      await resume();
      await calls.ended(parked);
      await this.#pause(name);
      this.#parking.once(resume);
      await calls.ended(await calls.enqueue(name, ["v"]));
      await this.#seen(`Function${name}`, "dynamodb:DeleteItem");
    }
    await calls.send("GET", "/../functions?include=load");
  }

  async #pause(name: Name): Promise<void> {
    await this.#running.calls.send("POST", `/../functions/${name}/pause`);
    // A runner believes for ten seconds what it read.
    await this.#advance(10_000);
  }

  /** A failure with a large error, of which another function is told; and once more when the error is gone. */
  async followUp(): Promise<void> {
    const { calls } = this.#running;
    const failing = await calls.enqueue("plain", [BIG, await aFile(), ["fail at length"]]);
    const error = `attempts/plain/${failing}/1/result.json`;
    await this.#seen("SchedulingFireRole", "s3:GetObject", error);
    await until(
      () => this.#data(failing),
      (data) => data["followUpAtMs"] === undefined,
    );
    await this.#deleteObject(error);
    await this.#change(failing, { followUpAtMs: Date.now() });
    await this.#send("Epoque-fire", { endedId: failing, attempt: 1, looks: 0 });
    await this.#seen("SchedulingFireRole", "s3:ListBucket");
  }

  /** Timers created, moved, cancelled and fired: to a queue without delays, so that one goes another round. */
  async timer(): Promise<void> {
    const { calls } = this.#running;
    const at = (minutes: number) => ({ schedule_for: this.#inMinutes(minutes) });
    const id = await calls.enqueue("oneByOne", ["v"], at(20));
    await calls.send("PATCH", `/${id}/schedule`, at(5));
    await calls.send("PATCH", `/${id}/schedule`, at(20));
    await this.#advance(18.5 * MINUTE_MS);
    await this.#seen("SchedulingFireRole", "sqs:SendMessage", "Epoque-fire");
    await calls.send("PATCH", `/${id}/schedule`, {});
    await calls.ended(id);
  }

  /** Delivers the same tick twice. */
  async ticks(): Promise<void> {
    const message = { functionName: "plain", tick: new Date().toISOString() };
    for (const _ of [1, 2]) await this.#send("Epoque-ticks", message);
    await this.#seen("SchedulingFireRole", "sqs:SendMessage", "Epoque-fn-plain");
    await this.#seen("SchedulingFireRole", "dynamodb:GetItem");
  }

  /** Killed workers, a lost message, dead letters, and an execution past its discard time. */
  async lost(ended: string): Promise<void> {
    const { calls, cloud } = this.#running;
    const inTime = await calls.enqueue("plain", ["v", await aFile(), ["hang"]]);
    const far = await calls.enqueue("far", ["v", await aFile(), ["hang"]]);
    const near = await calls.enqueue("oneByOne", ["v", await aFile(), ["fail", "hang"]]);
    // The clock of the queues stays behind.
    const unheard = await calls.enqueue("far", ["v"], { schedule_for: this.#inMinutes(8) });
    const tooLate = await calls.enqueue("plain", [BIG], {
      schedule_for: this.#inMinutes(40),
      discard_after: this.#inMinutes(2),
    });
    const every = { function_name: "plain", function_arguments: ["v"], every_seconds: 300 };
    await calls.send("PUT", "/../schedules/unheard", every);
    const letter = { executionId: ended, revision: 0, functionName: "plain", scheduledAtMs: Date.now() };
    for (const queue of DEAD_LETTERS) await this.#send(queue, letter);
    for (const id of [inTime, far]) await this.#reaches(id, { state: "started", attempt: 1 });
    await this.#reaches(near, { state: "started", attempt: 2 });
    await this.#writeEnd(inTime, ended);
    for (const { pid, state } of cloud.environments(/-fn-/)) {
      if (state === "running" && pid !== undefined) process.kill(-pid, "SIGKILL");
    }
    await this.#advance(15 * MINUTE_MS);
    await calls.ended(inTime);
    await this.#reaches(far, { state: "created", attempt: 2 });
    // It may have begun.
    await this.#reaches(near, { attempt: 3 });
    await this.#seen("SweepHandlerRole", "sqs:SendMessage", "Epoque-fn-far");
    await this.#seen("SweepHandlerRole", "sqs:SendMessage", "Epoque-ticks");
    for (const queue of DEAD_LETTERS) await this.#seen("SweepHandlerRole", "sqs:DeleteMessage", queue);
    await this.#seen("SchedulingTickRole", "sqs:SendMessage", "Epoque-ticks");
    await calls.ended(unheard);
    await this.#reaches(tooLate, { state: "discarded", attempt: 1 });
  }

  /** Bulk jobs. */
  bulk(): Promise<void> {
    return walkBulk({
      running: this.#running,
      inMinutes: (minutes) => this.#inMinutes(minutes),
      advance: (ms) => this.#advance(ms),
      isParked: (id) => this.#isParked(id),
      seen: (role, action, queue) => this.#seen(role, action, queue),
    });
  }

  /** Invalid messages. */
  async broken(): Promise<void> {
    await this.#send("Epoque-bulk", {});
    await this.#seen("BulkHandlerRole", "sqs:ChangeMessageVisibility");
    for (const queue of ["Epoque-fire", "Epoque-ticks"]) {
      await this.#send(queue, {});
      await this.#seen("SchedulingFireRole", "sqs:ChangeMessageVisibility", queue);
    }
    for (const name of ["plain", "far"] as const) {
      await this.#send(this.#queue(name), {});
      await this.#seen(`Function${name}`, "sqs:ChangeMessageVisibility");
    }
  }

  #queue(name: Name): string {
    return `Epoque-fn-${name}${name === "oneByOne" ? ".fifo" : ""}`;
  }

  #urlOf(queue: string): string {
    return `${this.#running.client.endpoint}/000000000000/${queue}`;
  }

  async #send(queue: string, message: object): Promise<void> {
    const order = queue.endsWith(".fifo")
      ? { MessageGroupId: "all", MessageDeduplicationId: crypto.randomUUID() }
      : undefined;
    const QueueUrl = this.#urlOf(queue);
    await this.#sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify(message), ...order }));
  }

  async #advance(ms: number): Promise<void> {
    this.#aheadMs += ms;
    await this.#running.cloud.advanceClock(ms);
  }

  /** A time so many minutes ahead by the clock of the Lambdas. */
  #inMinutes(minutes: number): string {
    return new Date(Date.now() + this.#aheadMs + minutes * MINUTE_MS).toISOString();
  }

  async #isParked(id: string): Promise<boolean> {
    return (await this.#data(id))["parkedIn"] !== undefined;
  }

  async #data(id: string): Promise<Record<string, AttributeValue>> {
    return (await this.#record(id))["data"]?.M ?? {};
  }

  async #record(id: string): Promise<Record<string, AttributeValue>> {
    const Key: Record<string, AttributeValue> = { id: { S: id }, kind: { S: "execution" } };
    const TableName = this.#table("StorageExecutions");
    return (await this.#running.dynamodb.send(new GetItemCommand({ TableName, Key }))).Item ?? {};
  }

  /** Changes the record of `id`, as time or an earlier deployment might have. */
  async #change(id: string, numbers: Record<string, number>): Promise<void> {
    const record = await this.#record(id);
    // A writer that knows an older version has to read it again.
    const version = Number(record["version"]?.N) + 1;
    const changed = Object.entries({ ...numbers, version }).map(([name, value]) => [name, { N: String(value) }]);
    const data = { M: { ...record["data"]?.M, ...Object.fromEntries(changed) } };
    const Item = { ...record, version: { N: String(version) }, data };
    await this.#running.dynamodb.send(new PutItemCommand({ TableName: this.#table("StorageExecutions"), Item }));
  }

  #table(logicalId: string): string {
    const table = this.#running.cloud.resources.find((it) => it.logicalId.startsWith(logicalId));
    return table?.physicalId ?? "";
  }

  async #deleteObject(key: string): Promise<void> {
    await this.#s3().send(new DeleteObjectCommand(this.#object(key)));
  }

  #object(Key: string) {
    return { Bucket: this.#running.cloud.resources.find(({ type }) => type === "AWS::S3::Bucket")?.physicalId, Key };
  }

  #s3(): S3Client {
    return new S3Client({ ...this.#running.client, forcePathStyle: true });
  }

  /** Stores the end of the first attempt of `from` as that of `id`. */
  async #writeEnd(id: string, from: string): Promise<void> {
    const { dynamodb } = this.#running;
    const TableName = this.#table("StorageAttempts");
    const Key: Record<string, AttributeValue> = { execution_id: { S: from }, number: { N: "1" } };
    const { Item } = await dynamodb.send(new GetItemCommand({ TableName, Key }));
    await dynamodb.send(new PutItemCommand({ TableName, Item: { ...Item, execution_id: { S: id } } }));
  }

  async #reaches(id: string, wanted: { state?: string; attempt: number }): Promise<void> {
    await this.#running.calls.until(
      id,
      ({ state, attempt }) => state === (wanted.state ?? state) && attempt === wanted.attempt,
    );
  }

  /** Waits until a role has requested an action. */
  async #seen(role: string, action: string, queue = ""): Promise<void> {
    await until(
      () => (this.#has(role, action, queue) ? "seen" : `${role} ${action} ${queue}`),
      (is) => is === "seen",
    );
  }

  #has(role: string, action: string, queue = ""): boolean {
    return this.#asked.some(
      ({ principal, ...it }) =>
        "role" in principal && principal.role.includes(role) && it.action === action && it.resource.endsWith(queue),
    );
  }
}

const aFile = async () => join(await mkdtemp(join(tmpdir(), "epoque-rights-")), "calls");
