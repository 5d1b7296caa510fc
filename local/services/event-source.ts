import { setTimeout as sleep } from "node:timers/promises";
import type { InvocationOutcome } from "../runtime/environment.ts";
import { failedIds, type Message, sqsEvent } from "./sqs-event.ts";

export interface EventSourceOptions {
  queueUrl: string;
  queueArn: string;
  functionName: string;
  /** At most 10. */
  batchSize: number;
  maxConcurrency: number;
  reportsItemFailures: boolean;
  /** Calls an action of SQS with the function's role, as Lambda does. */
  sqs(action: string, parameters: unknown, signal?: AbortSignal): Promise<unknown>;
  invoke(functionName: string, payload: string): Promise<InvocationOutcome | "too_large">;
  onProblem(text: string): void;
}

/** The longest wait that SQS allows. */
const POLL_SECONDS = 20;

const PAUSE_AFTER_PROBLEM_MS = 1_000;

/**
 * Feeds a function from a queue. One poller waits for messages; when it receives some, another takes its place, up to
 * the allowed concurrency. (Lambda keeps five pollers even when idle; functions see no difference.)
 */
export class EventSource {
  readonly #options: EventSourceOptions;
  readonly #stopping = new AbortController();
  readonly #pollers = new Set<Promise<void>>();
  #waiting = 0;
  #lastProblem = "";

  constructor(options: EventSourceOptions) {
    this.#options = options;
    this.#startPoller();
  }

  /** Stops receiving. Running invocations continue: see `ended`. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Resolves when nothing runs. */
  async ended(): Promise<void> {
    while (this.#pollers.size > 0) await Promise.all(this.#pollers);
  }

  #startPoller(): void {
    const poller = this.#poll().finally(() => this.#pollers.delete(poller));
    this.#pollers.add(poller);
  }

  async #poll(): Promise<void> {
    while (!this.#stopping.signal.aborted && this.#waiting === 0) {
      const messages = await this.#receive();
      if (messages.length === 0) continue;
      if (this.#pollers.size < this.#options.maxConcurrency) this.#startPoller();
      await this.#process(messages);
      // A poller that took this place goes on waiting; if all were busy, this one does.
    }
  }

  async #receive(): Promise<Message[]> {
    this.#waiting += 1;
    try {
      const parameters = {
        QueueUrl: this.#options.queueUrl,
        MaxNumberOfMessages: this.#options.batchSize,
        WaitTimeSeconds: POLL_SECONDS,
        MessageSystemAttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      };
      const { sqs } = this.#options;
      const { signal } = this.#stopping;
      // The queue takes back messages that arrive after the end.
      const answer = await abortable(sqs("ReceiveMessage", parameters, signal), signal);
      const { Messages = [] } = answer as { Messages?: Message[] };
      this.#lastProblem = "";
      return Messages;
    } catch (error) {
      await this.#report("cannot receive", error);
      return [];
    } finally {
      this.#waiting -= 1;
    }
  }

  async #process(messages: Message[]): Promise<void> {
    const { functionName, queueArn, reportsItemFailures, invoke } = this.#options;
    const outcome = await invoke(functionName, JSON.stringify(sqsEvent(messages, queueArn)));
    if (outcome === "too_large") return this.#processHalves(messages);
    // A message that is not deleted returns after its visibility timeout.
    const failed = failedIds(outcome, messages, reportsItemFailures);
    const done = messages.filter(({ MessageId = "" }) => !failed.has(MessageId));
    if (done.length > 0) await this.#delete(done);
  }

  /** Splits a batch that is over Lambda's 6 MB. */
  async #processHalves(messages: Message[]): Promise<void> {
    if (messages.length === 1) return this.#report("cannot invoke", new Error("a message is over 6 MB"));
    const middle = messages.length >> 1;
    await this.#process(messages.slice(0, middle));
    await this.#process(messages.slice(middle));
  }

  async #delete(messages: Message[]): Promise<void> {
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    try {
      const parameters = { QueueUrl: this.#options.queueUrl, Entries };
      const { Failed = [] } = (await this.#options.sqs("DeleteMessageBatch", parameters)) as {
        Failed?: { Code: string; Message: string }[];
      };
      if (Failed.length > 0) throw new Error(Failed.map(({ Code, Message }) => `${Code}: ${Message}`).join("; "));
    } catch (error) {
      await this.#report("cannot delete", error);
    }
  }

  /** Reports a problem once until polling works again, and pauses. */
  async #report(what: string, error: unknown): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return;
    const problem = `event source mapping of ${this.#options.queueArn}: ${what}: ${error instanceof Error ? error.message : error}`;
    if (problem !== this.#lastProblem) this.#options.onProblem(problem);
    this.#lastProblem = problem;
    await sleep(PAUSE_AFTER_PROBLEM_MS, undefined, { signal }).catch(() => {});
  }
}

/** Rejects if the signal is aborted first. Removes its listener afterwards. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    void promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
