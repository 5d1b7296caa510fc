import { type MessageAttributeValue, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { ACCOUNT, REGION } from "../../account.ts";
import type { AccessKey, AccessKeys } from "../../gateway/access-keys.ts";
import { signedRequest } from "../../gateway/sign.ts";
import type { Target } from "./settings.ts";

export interface TargetsOptions {
  gatewayEndpoint: () => string;
  accessKeys: AccessKeys;
}

interface Actor {
  accessKey: AccessKey;
  sqs: SQSClient;
}

/** How long a target may take to answer. */
const TIMEOUT_MS = 30_000;

/** Calls the targets of schedules through the gateway, each in its role. */
export class Targets {
  readonly #options: TargetsOptions;
  /** By role ARN. */
  readonly #actors = new Map<string, Actor>();

  constructor(options: TargetsOptions) {
    this.#options = options;
  }

  /** Delivers a payload. @throws the error that the target answers */
  async call({ Arn, RoleArn, SqsParameters }: Target, payload: string): Promise<void> {
    if (Arn.startsWith("arn:aws:lambda:")) return this.#invoke(Arn, RoleArn, payload);
    await this.#send(RoleArn, Arn, { MessageBody: payload, MessageGroupId: SqsParameters?.MessageGroupId });
  }

  /** Sends an undeliverable payload to a dead-letter queue. @throws the error that the queue answers */
  async bury(queueArn: string, roleArn: string, payload: string, details: Record<string, string>): Promise<void> {
    const attribute = (StringValue: string): MessageAttributeValue => ({ DataType: "String", StringValue });
    const MessageAttributes = Object.fromEntries(
      Object.entries(details).map(([name, value]) => [name, attribute(value)]),
    );
    await this.#send(roleArn, queueArn, { MessageBody: payload, MessageAttributes });
  }

  stop(): void {
    for (const { accessKey, sqs } of this.#actors.values()) {
      sqs.destroy();
      this.#options.accessKeys.revoke(accessKey);
    }
    this.#actors.clear();
  }

  async #send(roleArn: string, queueArn: string, message: Omit<SendMessageCommand["input"], "QueueUrl">) {
    // Built here, not by GetQueueUrl: a role needs `sqs:SendMessage` only.
    const QueueUrl = `${this.#options.gatewayEndpoint()}/${ACCOUNT}/${queueArn.split(":").at(-1)}`;
    await this.#actor(roleArn).sqs.send(new SendMessageCommand({ QueueUrl, ...message }), {
      abortSignal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }

  async #invoke(functionArn: string, roleArn: string, payload: string): Promise<void> {
    const name = functionArn.split(":").at(-1);
    const { url, ...request } = signedRequest(this.#actor(roleArn).accessKey, "lambda", {
      method: "POST",
      url: `${this.#options.gatewayEndpoint()}/2015-03-31/functions/${name}/invocations`,
      headers: { "content-type": "application/json", "x-amz-invocation-type": "Event" },
      body: payload,
    });
    const response = await fetch(url, { ...request, signal: AbortSignal.timeout(TIMEOUT_MS) });
    const text = await response.text();
    if (response.ok) return;
    throw Object.assign(new Error(text), { name: response.headers.get("x-amzn-errortype") ?? `${response.status}` });
  }

  #actor(roleArn: string): Actor {
    const known = this.#actors.get(roleArn);
    if (known !== undefined) return known;
    const { gatewayEndpoint, accessKeys } = this.#options;
    const accessKey = accessKeys.issue({ kind: "service", service: "scheduler.amazonaws.com", roleArn });
    // The schedule retries.
    const sqs = new SQSClient({ endpoint: gatewayEndpoint(), region: REGION, credentials: accessKey, maxAttempts: 1 });
    const actor = { accessKey, sqs };
    this.#actors.set(roleArn, actor);
    return actor;
  }
}
