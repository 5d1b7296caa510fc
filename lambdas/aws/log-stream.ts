import { CloudWatchLogsClient, GetLogEventsCommand, ResourceNotFoundException } from "@aws-sdk/client-cloudwatch-logs";
import { defaults, timeouts } from "./client-settings.ts";
import { failingAsUnavailable } from "./failures.ts";

/** Pages of up to 1 MB that one request reads: a stream has the lines of earlier executions as well. */
const MAX_PAGES = 8;

/** The clock of the worker, which dates the events, may be behind that of the claim. */
const SKEW_MS = 60_000;

/** Reads the messages of one stream of a log group from a time on, in order. */
export type LogStream = (group: string, stream: string, sinceMs: number) => Promise<string[]>;

/** CloudWatch Logs: 25 requests a second for each account and region, so a refusal is not tried again here. */
export function logStream(
  client = failingAsUnavailable(
    new CloudWatchLogsClient({ ...defaults, maxAttempts: 1, requestHandler: timeouts(3_000) }),
  ),
): LogStream {
  return async (logGroupName, logStreamName, sinceMs) => {
    const messages: string[] = [];
    const startTime = sinceMs - SKEW_MS;
    for (let nextToken: string | undefined, page = 0; page < MAX_PAGES; page++) {
      const input = { logGroupName, logStreamName, startTime, startFromHead: true };
      const command = new GetLogEventsCommand(nextToken === undefined ? input : { ...input, nextToken });
      const found = await client.send(command).catch(missing);
      if (found === undefined) break;
      const { events = [], nextForwardToken } = found;
      messages.push(...events.map(({ message = "" }) => message.trimEnd()));
      // The same token once more says that this is the end.
      if (nextForwardToken === undefined || nextForwardToken === nextToken) break;
      nextToken = nextForwardToken;
    }
    return messages;
  };
}

// A stream comes into being with the first messages that a worker delivers, seconds after the claim has named it.
function missing(error: unknown): undefined {
  if (!(error instanceof ResourceNotFoundException)) throw error;
}
