import { Duration } from "aws-cdk-lib";
import type { IGrantable } from "aws-cdk-lib/aws-iam";
import { Queue, QueueEncryption, type QueueProps } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { acknowledgeCheckov } from "./acknowledge.ts";
import { grant } from "./grants.ts";
import { MAX_QUEUE_CHARACTERS, physicalName } from "./naming.ts";

/**
 * A message that fails this often goes to a dead-letter queue. One that fails in a FIFO queue holds up all others, so
 * it is put aside after some 18 minutes. In any other queue it holds up nobody, and what fails is never the message but
 * something that it needs: it comes again every five minutes for three days and a half. SQS allows 1,000 at most.
 * Source: SQS SetQueueAttributes, maxReceiveCount.
 */
const MAX_RECEIVES = { fifo: 10, standard: 1_000 };

/**
 * Queue of messages that fail again and again: one queue for all of a kind, since FIFO queues must have one of their
 * own. Each message names its function. One for each function would be two resources and $0.10 of alarm a month more
 * for each, and say no more.
 */
export class DeadLetters extends Construct {
  readonly queues: readonly Queue[];
  readonly #standard: Queue;
  readonly #fifo: Queue;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#standard = queue(this, "Standard", false, { queueName: physicalName(this, "dead") });
    this.#fifo = queue(this, "Fifo", true, { queueName: physicalName(this, "dead.fifo") });
    this.queues = [this.#standard, this.#fifo];
  }

  of(kind: { fifo: boolean }): Queue {
    return kind.fifo ? this.#fifo : this.#standard;
  }

  /** Lets `grantee` read the letters and take them out. */
  grantRead(grantee: IGrantable): void {
    const queueArns = this.queues.map(({ queueArn }) => queueArn);
    grant(grantee, "sqs", ["ReceiveMessage", "DeleteMessage"], queueArns);
  }
}

export interface MessageQueueProps {
  /** Its purpose: the last part of its name, without `.fifo`. */
  part: string;
  fifo: boolean;
  /** The timeout of the Lambda that reads it. */
  readerTimeout: Duration;
  deadLetters: DeadLetters;
}

/** A queue that a Lambda reads. */
export function messageQueue(
  scope: Construct,
  id: string,
  { part, fifo, readerTimeout, deadLetters }: MessageQueueProps,
): Queue {
  return queue(scope, id, fifo, {
    queueName: physicalName(scope, fifo ? `${part}.fifo` : part, MAX_QUEUE_CHARACTERS),
    // Six times the reader's timeout, as AWS advises: a throttled invocation must not lose its message to another.
    visibilityTimeout: Duration.seconds(6 * readerTimeout.toSeconds()),
    deadLetterQueue: { queue: deadLetters.of({ fifo }), maxReceiveCount: MAX_RECEIVES[fifo ? "fifo" : "standard"] },
  });
}

function queue(scope: Construct, id: string, fifo: boolean, props: QueueProps): Queue {
  const made = new Queue(scope, id, {
    ...props,
    ...(fifo && { fifo }),
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  acknowledgeCheckov(made, {
    CKV_AWS_27: "SQS encrypts it (SqsManagedSseEnabled); checkov looks for a key of KMS only.",
  });
  return made;
}
