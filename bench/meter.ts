import type { CloudOptions } from "../local/cloud.ts";
import type { Call, GatewayRequest, GatewayResponse, Interceptor } from "../local/gateway/messages.ts";

/** One request to AWS, as it would be billed. */
export interface MeteredCall {
  service: string;
  action: string;
  /** The function that called, or the service; `operator` for what is none of ours. */
  by: string;
  /** The last part of the resource's name. */
  on: string;
  /** The item that was written: `execution created` for the record of an execution in that state. */
  what: string;
  /** Capacity units of DynamoDB by index; `table` is the table itself. */
  units: Readonly<Record<string, number>>;
  /** A request of SQS is billed for each started 64 KB. */
  requests: number;
  /** A poll that brought no message. */
  isEmpty: boolean;
}

/** One invocation of a Lambda function. */
export interface MeteredInvocation {
  functionName: string;
  memoryMegabytes: number;
  ms: number;
}

const SQS_CHUNK_BYTES = 65_536;

/** Counts what the local cloud's parts ask of AWS, by what DynamoDB itself says of its capacity. */
export class Meter {
  calls: MeteredCall[] = [];
  invocations: MeteredInvocation[] = [];
  /** Sizes of the lines that Lambda functions write to their logs. */
  logLines: { functionName: string; bytes: number }[] = [];

  /** For `startCloud`. */
  readonly options: Pick<CloudOptions, "onInvocation" | "onLog"> & { interceptor: Interceptor } = {
    interceptor: async (call, request, next) => {
      const isDynamodb = call.service === "dynamodb";
      const response = await next(isDynamodb ? withCapacity(request) : request);
      this.calls.push(metered(call, request, response));
      return response;
    },
    onInvocation: ({ functionName, memoryMegabytes }) => {
      const begin = performance.now();
      return () => this.invocations.push({ functionName, memoryMegabytes, ms: performance.now() - begin });
    },
    onLog: ({ functionName, line }) => this.logLines.push({ functionName, bytes: Buffer.byteLength(line) }),
  };

  /** Forgets everything so far. */
  reset(): void {
    this.calls = [];
    this.invocations = [];
    this.logLines = [];
  }
}

function withCapacity(request: GatewayRequest): GatewayRequest {
  const body = { ...(fromJson(request.body) as object), ReturnConsumedCapacity: "INDEXES" };
  return { ...request, body: Buffer.from(JSON.stringify(body)) };
}

function metered(call: Call, request: GatewayRequest, response: GatewayResponse): MeteredCall {
  const { service, action, caller } = call;
  const answer = service === "dynamodb" || service === "sqs" ? fromJson(response.body) : {};
  const common = {
    service,
    action,
    by: caller.kind === "function" ? caller.functionName : caller.kind === "service" ? caller.service : caller.kind,
    on: call.resource?.split(/[:/]/).at(-1) ?? "",
  };
  const bytes = Math.max(request.body.length, Buffer.byteLength(response.body));
  return {
    ...common,
    what: service === "dynamodb" ? whatIsWritten(fromJson(request.body) as Put) : "",
    units: service === "dynamodb" ? unitsOf(action, response.status, answer as Consumed) : {},
    requests: service === "sqs" ? Math.max(1, Math.ceil(bytes / SQS_CHUNK_BYTES)) : 1,
    isEmpty: action === "ReceiveMessage" && ((answer as { Messages?: unknown[] }).Messages ?? []).length === 0,
  };
}

interface Put {
  Item?: Record<string, { S?: string }>;
  RequestItems?: Record<string, unknown[]>;
}

function whatIsWritten({ Item, RequestItems }: Put): string {
  if (RequestItems !== undefined) return `${Object.values(RequestItems).flat().length} items`;
  return [Item?.["kind"]?.S, Item?.["state"]?.S].filter((part) => part !== undefined).join(" ");
}

interface Consumed {
  ConsumedCapacity?: Capacity | Capacity[];
}

interface Capacity {
  Table?: { CapacityUnits?: number };
  GlobalSecondaryIndexes?: Record<string, { CapacityUnits?: number }>;
}

/**
 * Adds what DynamoDB Local leaves out: a write whose condition fails is billed as if it had been made, one unit at
 * least, and a query that finds nothing as the smallest read.
 */
function unitsOf(action: string, status: number, { ConsumedCapacity = [] }: Consumed): Record<string, number> {
  if (status >= 400) return { table: 1 };
  const units: Record<string, number> = {};
  for (const { Table, GlobalSecondaryIndexes = {} } of [ConsumedCapacity].flat()) {
    units["table"] = (units["table"] ?? 0) + (Table?.CapacityUnits ?? 0);
    for (const [index, { CapacityUnits = 0 }] of Object.entries(GlobalSecondaryIndexes)) {
      units[index] = (units[index] ?? 0) + CapacityUnits;
    }
  }
  const used = Object.fromEntries(Object.entries(units).filter(([, count]) => count > 0));
  return action === "Query" && Object.keys(used).length === 0 ? { table: 0.5 } : used;
}

function fromJson(body: Buffer | string): unknown {
  try {
    return JSON.parse(body.toString("utf-8"));
  } catch {
    return {};
  }
}
