import * as z from "zod";
import { AwsFailure } from "../gateway/failures.ts";
import { jsonBody } from "../gateway/json-body.ts";
import type { Service } from "../gateway/messages.ts";

/** Events that are kept of a stream, and streams that are kept: the developer has the rest on the terminal. */
const MAX_EVENTS = 20_000;
const MAX_STREAMS = 200;

interface LogEvent {
  timestamp: number;
  message: string;
}

/** The log streams of the execution environments, as far as anybody may ask for them. */
export class LogStreams {
  readonly #now: () => number;
  readonly #streams = new Map<string, { events: LogEvent[]; dropped: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  add(group: string, stream: string, message: string): void {
    const key = keyOf(group, stream);
    const known = this.#streams.get(key) ?? { events: [], dropped: 0 };
    // The stream that was written last is the last one to go.
    this.#streams.delete(key);
    this.#streams.set(key, known);
    known.events.push({ timestamp: this.#now(), message });
    if (known.events.length > MAX_EVENTS) {
      known.events.shift();
      known.dropped += 1;
    }
    const [oldest] = this.#streams.keys();
    if (this.#streams.size > MAX_STREAMS && oldest !== undefined) this.#streams.delete(oldest);
  }

  /** Events from a position on; `undefined`: there is no such stream. */
  read(group: string, stream: string, from: number): { events: LogEvent[]; next: number } | undefined {
    const known = this.#streams.get(keyOf(group, stream));
    if (known === undefined) return undefined;
    const { events, dropped } = known;
    return { events: events.slice(Math.max(0, from - dropped)), next: dropped + events.length };
  }
}

/** Serves CloudWatch Logs' `GetLogEvents` by its JSON 1.1 protocol, from the head of a stream on. */
export function logsService(streams: LogStreams): Service {
  return async ({ action }, request) => {
    if (action !== "GetLogEvents") {
      throw new AwsFailure(400, "UnknownOperationException", `The local CloudWatch Logs has no action "${action}".`);
    }
    const input = GetLogEvents.safeParse(jsonBody(request));
    if (!input.success) throw new AwsFailure(400, "InvalidParameterException", z.prettifyError(input.error));
    const { logGroupName, logStreamName, startTime = 0, nextToken } = input.data;
    const from = nextToken === undefined ? 0 : Number(nextToken.slice(2));
    const found = streams.read(logGroupName, logStreamName, from);
    if (found === undefined) {
      throw new AwsFailure(400, "ResourceNotFoundException", "The specified log stream does not exist.");
    }
    const events = found.events.filter(({ timestamp }) => timestamp >= startTime);
    return {
      status: 200,
      headers: { "content-type": "application/x-amz-json-1.1" },
      body: JSON.stringify({ events, nextForwardToken: `f/${found.next}`, nextBackwardToken: `b/${from}` }),
    };
  };
}

const GetLogEvents = z.strictObject({
  logGroupName: z.string().min(1),
  logStreamName: z.string().min(1),
  startTime: z.number().int().optional(),
  startFromHead: z.literal(true),
  nextToken: z
    .string()
    .regex(/^f\/\d+$/)
    .optional(),
});

function keyOf(group: string, stream: string): string {
  return `${group}\n${stream}`;
}
