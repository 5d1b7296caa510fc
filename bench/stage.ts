import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { aCloud, type RunningCloud } from "../harness/a-cloud.ts";
import { until } from "../harness/until.ts";
import { dynamoExecutions } from "../lambdas/aws/dynamodb/executions.ts";
import { systemClock } from "../lambdas/aws/system-clock.ts";
import type { ExecutionId } from "../lambdas/core/ids.ts";
import type { Interceptor } from "../local/gateway/messages.ts";
import { Meter } from "./meter.ts";

const LIMIT_MS = 120_000;

/** A local cloud with a meter, in which time can be let pass for messages in a queue too. */
export class Stage {
  readonly meter: Meter;
  readonly #running: RunningCloud;
  readonly #delays: Delays;
  readonly #files: string;
  #aheadMs = 0;

  private constructor(running: RunningCloud, meter: Meter, delays: Delays, files: string) {
    this.#running = running;
    this.meter = meter;
    this.#delays = delays;
    this.#files = files;
  }

  static async open(): Promise<Stage> {
    const meter = new Meter();
    const delays = new Delays();
    const { interceptor, ...options } = meter.options;
    const running = await aCloud({
      functions: "bench/functions",
      dynamodb: "local",
      // Schedules fire at the beginning of their minute.
      random: () => 0,
      ...options,
      interceptors: [interceptor, delays.interceptor],
    });
    return new Stage(running, meter, delays, await mkdtemp(join(tmpdir(), "epoque-bench-")));
  }

  get calls(): RunningCloud["calls"] {
    return this.#running.calls;
  }

  /** `seconds` from now, by the cloud's clock. */
  in(seconds: number): string {
    return new Date(Date.now() + this.#aheadMs + seconds * 1_000).toISOString();
  }

  /** The name of a file that does not exist yet. */
  newFile(): string {
    return join(this.#files, randomUUID());
  }

  /** Ends what happens by the clock alone: the sweep. */
  async stopSweep(): Promise<void> {
    const { cloud, client } = this.#running;
    const scheduler = new SchedulerClient(client);
    for (const { physicalId: Name } of cloud.resources.filter(({ type }) => type === "AWS::Scheduler::Schedule")) {
      await scheduler.send(new DeleteScheduleCommand({ Name }));
    }
  }

  /** Puts the clock forward. What waits in queues goes on waiting in real time: see `passInQueues`. */
  async pass(seconds: number): Promise<void> {
    await this.#running.cloud.advanceClock(seconds * 1_000);
    this.#aheadMs += seconds * 1_000;
  }

  /** Lets `act` put `count` messages into queues that hold them back, and then lets so much of their time pass. */
  async passInQueues(count: number, seconds: number, act: () => Promise<unknown>): Promise<void> {
    this.#delays.shortenBy(seconds);
    await act();
    await until(
      () => this.#delays.shortened,
      (shortened) => shortened === count,
      LIMIT_MS,
    );
    this.#delays.shortenBy(0);
    await this.pass(seconds);
  }

  /** Waits for the end of these executions, in the state `expected`, and of all that comes after it. */
  async ended(ids: readonly string[], expected: "succeed" | "failed" = "succeed"): Promise<void> {
    const { cloud, dynamodb } = this.#running;
    const tableName =
      cloud.resources.find(({ logicalId }) => logicalId.startsWith("StorageExecutions"))?.physicalId ?? "";
    const documents = DynamoDBDocumentClient.from(dynamodb);
    const executions = dynamoExecutions(documents, { tableName, shards: 1 }, systemClock);
    const read = async () => [...(await executions.getMany(ids as ExecutionId[])).values()];
    const ended = await until(
      read,
      (all) => all.length === ids.length && all.every((it) => "finishedAtMs" in it),
      LIMIT_MS,
    );
    const other = ended.find(({ state }) => state !== expected);
    if (other !== undefined) throw new Error(`execution ${other.id} of ${other.functionName} is ${other.state}`);
    await this.settled();
  }

  /** Waits until no message is left and no function runs. */
  async settled(): Promise<void> {
    const { cloud, messages } = this.#running;
    await until(messages, (left) => Object.keys(left).length === 0, LIMIT_MS);
    await until(
      () => cloud.environments(/./),
      (all) => all.every(({ state }) => state === "frozen"),
      LIMIT_MS,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#running[Symbol.asyncDispose]();
    await rm(this.#files, { recursive: true });
  }
}

/** A message in a request to SQS. */
interface Delayed {
  DelaySeconds?: number;
}

/** The clock of SQS cannot be put forward; but what is sent with a delay can be given a shorter one. */
class Delays {
  #seconds = 0;
  shortened = 0;

  shortenBy(seconds: number): void {
    this.#seconds = seconds;
    this.shortened = 0;
  }

  readonly interceptor: Interceptor = (call, request, next) => {
    if (this.#seconds === 0 || call.service !== "sqs" || !call.action.startsWith("SendMessage")) return next();
    const body = JSON.parse(request.body.toString("utf-8")) as Delayed & { Entries?: Delayed[] };
    const { Entries } = body;
    const shorter = Entries ? { ...body, Entries: Entries.map((it) => this.#shorter(it)) } : this.#shorter(body);
    return next({ ...request, body: Buffer.from(JSON.stringify(shorter)) });
  };

  #shorter(message: Delayed): Delayed {
    const { DelaySeconds = 0 } = message;
    if (DelaySeconds <= this.#seconds) return message;
    this.shortened += 1;
    return { ...message, DelaySeconds: DelaySeconds - this.#seconds };
  }
}
