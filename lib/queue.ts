import { Duration } from "aws-cdk-lib";
import { Queue, QueueEncryption } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import { physicalName } from "./naming.ts";

export interface QueueWithDeadLettersProps {
  /** What it is for: the last part of its name, without `.fifo`. */
  part: string;
  fifo: boolean;
  /** The timeout of the Lambda that reads it. */
  readerTimeout: Duration;
}

/** A message that fails this often goes to the dead-letter queue. */
const MAX_RECEIVES = 10;

/** A queue with its dead-letter queue. */
export class QueueWithDeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, { part, fifo, readerTimeout }: QueueWithDeadLettersProps) {
    super(scope, id);
    const suffix = fifo ? ".fifo" : "";
    const common = {
      ...(fifo && { fifo: true }),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    };
    const deadLetters = new Queue(this, "DeadLetters", {
      queueName: physicalName(this, `dead-${part}${suffix}`),
      ...common,
    });
    this.queue = new Queue(this, "Queue", {
      queueName: physicalName(this, `${part}${suffix}`),
      ...common,
      // Six times the reader's timeout, as AWS advises: a throttled invocation must not lose its message to another.
      visibilityTimeout: Duration.seconds(6 * readerTimeout.toSeconds()),
      deadLetterQueue: { queue: deadLetters, maxReceiveCount: MAX_RECEIVES },
    });
  }
}
