import { randomUUID } from "node:crypto";
import { AwsFailure } from "../gateway/failures.ts";
import type { GatewayRequest, GatewayResponse, Service } from "../gateway/messages.ts";

/**
 * Completes fauxqs: stores the tags that `PutObject` and `CopyObject` set for `GetObjectTagging`, and refuses to copy
 * an object onto itself without a change. Tags are kept in memory.
 */
export function s3Service(fauxqs: Service): Service {
  /** Tags as in the header (`a=1&b=2`), by the path of the object. */
  const tags = new Map<string, string>();
  return async (call, request) => {
    const path = decodeURIComponent(request.url.split("?", 1)[0] ?? "");
    if (call.action === "GetObjectTagging") return tagging(tags.get(path) ?? "");
    if (call.action === "PutObjectTagging") throw notHere(call.action);
    if (call.action === "CopyObject") refuseIdle(request, path);
    const response = await fauxqs(call, request);
    if (response.status !== 200) return response;
    if (call.action === "PutObject") tags.set(path, header(request, "x-amz-tagging"));
    if (call.action === "CopyObject") {
      const isReplaced = header(request, "x-amz-tagging-directive") === "REPLACE";
      tags.set(path, isReplaced ? header(request, "x-amz-tagging") : (tags.get(sourceOf(request)) ?? ""));
    }
    return response;
  };
}

function refuseIdle(request: GatewayRequest, path: string): void {
  if (sourceOf(request) !== path || header(request, "x-amz-metadata-directive") === "REPLACE") return;
  throw new AwsFailure(
    400,
    "InvalidRequest",
    "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
  );
}

function sourceOf(request: GatewayRequest): string {
  return `/${decodeURIComponent(header(request, "x-amz-copy-source")).replace(/^\//, "")}`;
}

function header({ headers }: GatewayRequest, name: string): string {
  return String(headers[name] ?? "");
}

function tagging(text: string): GatewayResponse {
  const tags = [...new URLSearchParams(text)].map(
    ([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`,
  );
  return {
    status: 200,
    headers: { "content-type": "application/xml", "x-amz-request-id": randomUUID() },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Tagging><TagSet>${tags.join("")}</TagSet></Tagging>`,
  };
}

function notHere(action: string): AwsFailure {
  return new AwsFailure(501, "NotImplemented", `The local S3 has no action "${action}".`);
}
