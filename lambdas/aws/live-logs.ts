import type { LiveLine, LiveLogs } from "../core/ports.ts";
import type { LogStream } from "./log-stream.ts";
import { logOf } from "./worker-log.ts";

/**
 * The lines of attempts that run, in CloudWatch Logs.
 * @param groupPrefix the log group of a function's Lambda is this and the function's name
 */
export function cloudwatchLiveLogs(groupPrefix: string): LiveLogs {
  let loading: Promise<LogStream> | undefined;
  return {
    async read({ functionName, worker, executionId, attempt, sinceMs }) {
      loading ??= import("./log-stream.ts").then(({ logStream }) => logStream());
      const { group, stream } = logOf(groupPrefix, functionName, worker);
      const messages = await (await loading)(group, stream, sinceMs);
      return messages.flatMap((text) => {
        const line = parse(text);
        if (line?.executionId !== executionId || line.attempt !== attempt || line.number === undefined) return [];
        return [{ number: line.number, time: line.time, stream: line.stream, line: line.line }];
      });
    },
  };
}

interface LoggedLine extends Omit<LiveLine, "number"> {
  number?: number;
  executionId?: string;
  attempt?: number;
}

// Lines of Lambda itself and of our log stand beside those of the function.
function parse(text: string): LoggedLine | undefined {
  if (!text.startsWith('{"')) return undefined;
  try {
    return JSON.parse(text) as LoggedLine;
  } catch {
    return undefined;
  }
}
