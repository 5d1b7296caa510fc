import { arn, eventBusArn, PARTITION, secretArn } from "../account.ts";
import type { Caller } from "./access-keys.ts";
import { parametersOf } from "./json-body.ts";
import type { Call, GatewayRequest } from "./messages.ts";
import { restCall } from "./rest-calls.ts";

/** Returns service, action and resource of a signed request. */
export function callOf(service: string, request: GatewayRequest, caller: Caller): Call {
  if (service === "s3") return { service, ...s3Call(request), caller };
  const rest = restCall(service, request);
  if (rest !== undefined) return { service, ...rest, caller };
  const target = String(request.headers["x-amz-target"] ?? "");
  const action = target.slice(target.lastIndexOf(".") + 1);
  return { service, action, resource: resources[service]?.(parametersOf(request)), caller };
}

type Parameters = Record<string, unknown>;

const resources: Record<string, (parameters: Parameters) => string | undefined> = {
  dynamodb: ({ TableName }) => toArn(TableName, (name) => arn("dynamodb", `table/${name}`)),
  sqs: ({ QueueUrl, QueueName }) =>
    toArn(typeof QueueUrl === "string" ? QueueUrl.split("/").at(-1) : QueueName, (name) => arn("sqs", name)),
  // The first entry stands for all, although they may name several buses.
  events: ({ Entries }) => toArn((Entries as Parameters[] | undefined)?.[0]?.["EventBusName"], eventBusArn),
  ecs: ({ taskDefinition, tasks, task, cluster }) =>
    toArn((tasks as string[] | undefined)?.[0] ?? task, (id) => arn("ecs", `task/${nameOf(cluster)}/${id}`)) ??
    toArn(taskDefinition, (name) => arn("ecs", `task-definition/${name}`)),
  logs: ({ logGroupName, logStreamName }) =>
    toArn(logGroupName, (name) => arn("logs", `log-group:${name}:log-stream:${logStreamName}`)),
  secretsmanager: ({ SecretId }) => toArn(SecretId, secretArn),
};

function nameOf(cluster: unknown): string {
  return String(cluster).split("/").at(-1) ?? "";
}

function toArn(name: unknown, build: (name: string) => string): string | undefined {
  if (typeof name !== "string") return undefined;
  return name.startsWith("arn:") ? name : build(name);
}

function s3Call({ method, url, headers }: GatewayRequest): { action: string; resource: string | undefined } {
  const [path = "", query = ""] = url.split("?", 2);
  const [bucket = "", ...rest] = path.slice(1).split("/");
  const key = rest.join("/");
  const names = new Set(query.split("&").map((pair) => pair.split("=", 1)[0]));
  const level = bucket === "" ? "service" : key === "" ? "bucket" : "object";
  const candidates = s3Actions.filter((action) => action.level === level && action.method === method);
  const found = candidates.find(
    ({ query: required = [], header }) =>
      required.every((name) => names.has(name)) && (header === undefined || headers[header] !== undefined),
  );
  return {
    action: found?.action ?? `${method}:${level}`,
    resource: bucket === "" ? undefined : `arn:${PARTITION}:s3:::${[bucket, ...(key ? [decode(key)] : [])].join("/")}`,
  };
}

// The first match counts: actions with a query or header come first.
const s3Actions: { action: string; level: string; method: string; query?: string[]; header?: string }[] = [
  { action: "ListBuckets", level: "service", method: "GET" },
  { action: "PutLifecycleConfiguration", level: "bucket", method: "PUT", query: ["lifecycle"] },
  { action: "GetLifecycleConfiguration", level: "bucket", method: "GET", query: ["lifecycle"] },
  { action: "CreateBucket", level: "bucket", method: "PUT" },
  { action: "DeleteBucket", level: "bucket", method: "DELETE" },
  { action: "HeadBucket", level: "bucket", method: "HEAD" },
  { action: "ListObjects", level: "bucket", method: "GET" },
  { action: "DeleteObjects", level: "bucket", method: "POST", query: ["delete"] },
  { action: "UploadPart", level: "object", method: "PUT", query: ["uploadId", "partNumber"] },
  { action: "PutObjectTagging", level: "object", method: "PUT", query: ["tagging"] },
  { action: "CopyObject", level: "object", method: "PUT", header: "x-amz-copy-source" },
  { action: "PutObject", level: "object", method: "PUT" },
  { action: "GetObjectAttributes", level: "object", method: "GET", query: ["attributes"] },
  { action: "GetObjectTagging", level: "object", method: "GET", query: ["tagging"] },
  { action: "GetObject", level: "object", method: "GET" },
  { action: "HeadObject", level: "object", method: "HEAD" },
  { action: "AbortMultipartUpload", level: "object", method: "DELETE", query: ["uploadId"] },
  { action: "DeleteObject", level: "object", method: "DELETE" },
  { action: "CreateMultipartUpload", level: "object", method: "POST", query: ["uploads"] },
  { action: "CompleteMultipartUpload", level: "object", method: "POST", query: ["uploadId"] },
];

function decode(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}
