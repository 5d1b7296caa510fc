import { DomainError } from "../../core/errors.ts";
import { type Execution, isRunning, type Running, type StoredPayload } from "../../core/execution.ts";
import { attemptKeys } from "../../core/payload-keys.ts";
import type { LiveLogs, Payloads, Worker } from "../../core/ports.ts";
import { type FindPorts, find } from "../../flows/find.ts";
import { findOutput } from "../../flows/find-output.ts";
import { type Log, loggedError } from "../../log/log.ts";
import type { ApiRequest, ApiResponse, Endpoint } from "../endpoint.ts";
import { parseId, parseNamed } from "../parse.ts";
import { toNumber } from "../parse-list-query.ts";
import { presentPayload } from "../present.ts";
import { LogsQuery } from "../schemas/executions.ts";

const NDJSON = "application/x-ndjson";

/** When to ask again after a read that was refused. */
const RETRY_SECONDS = "2";

interface LogsPorts extends FindPorts {
  payloads: Payloads;
  liveLogs: LiveLogs;
  log: Log;
}

/**
 * `GET /public/v2/executions/{id}/logs`: the lines of an attempt, of one that runs those so far; with `?after=`, those
 * behind so many. Of an execution: its last attempt that has begun.
 */
export function getLogs(ports: LogsPorts): Endpoint {
  return async (request) => {
    const reference = parseId(request);
    const after = parseAfter(request);
    const execution = await find(ports, reference);
    const hasBegun = "startedAtMs" in execution;
    const number = hasBegun || reference.attempt !== undefined ? execution.attempt : execution.attempt - 1;
    if (number === 0 || (!hasBegun && reference.attempt !== undefined)) {
      throw new DomainError("not_found", `execution "${execution.id}" has no logs: no attempt has begun`);
    }
    const attempt = await findOutput(ports, execution, number);
    const { logs: key } = attemptKeys({ ...execution, attempt: number });
    if (attempt === undefined) return live(ports, execution, after ?? 0, request.requestId);
    return stored(ports, request, { payload: attempt.logs, key }, after);
  };
}

function parseAfter({ query }: ApiRequest): number | undefined {
  const values = query.getAll("after");
  query.delete("after");
  return parseNamed("the query", LogsQuery, values.length === 0 ? {} : { after: toNumber(values) }).after;
}

async function live(ports: LogsPorts, execution: Execution, after: number, requestId: string): Promise<ApiResponse> {
  const headers = { "content-type": NDJSON };
  if (!isRunning(execution)) return { status: 200, headers, body: "" };
  const worker = workerOf(execution);
  if (worker === undefined) return { status: 200, headers, body: "" };
  const { id: executionId, functionName, attempt, startedAtMs: sinceMs } = execution;
  try {
    const lines = await ports.liveLogs.read({ functionName, worker, executionId, attempt, sinceMs });
    const wanted = lines.filter(({ number }) => number > after).map(({ number: _, ...line }) => line);
    return { status: 200, headers, body: wanted.map((line) => `${JSON.stringify(line)}\n`).join("") };
  } catch (error) {
    ports.log({ level: "ERROR", message: "log not read", requestId, executionId, error: loggedError(error) });
    return { status: 200, headers: { ...headers, "retry-after": RETRY_SECONDS }, body: "" };
  }
}

function workerOf({ task, logStream }: Running): Worker | undefined {
  if (task !== undefined) return { task };
  return logStream === undefined ? undefined : { logStream };
}

async function stored(
  { payloads }: LogsPorts,
  request: ApiRequest,
  { payload, key }: { payload: StoredPayload; key: string },
  after: number | undefined,
): Promise<ApiResponse> {
  if (after === undefined) return presentPayload(request, { payload, key, contentType: NDJSON }, payloads);
  const lines = (await payloads.read(payload, key)).split("\n").slice(after).join("\n");
  return {
    status: 200,
    headers: { "content-type": NDJSON },
    body: Buffer.from(lines).toString("base64"),
    isBase64: true,
  };
}
