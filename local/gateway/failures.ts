import { randomUUID } from "node:crypto";
import type { GatewayResponse } from "./messages.ts";

/** A refusal in the form of AWS. */
export class AwsFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: Record<string, unknown>;

  constructor(status: number, code: string, message: string, fields: Record<string, unknown> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.fields = fields;
  }
}

/** Thrown to drop the caller's connection without an answer. */
export class ConnectionLost extends Error {}

/** Returns a failure in the format that the SDK expects from a service. */
export function failureResponse(service: string, failure: AwsFailure): GatewayResponse {
  if (service === "s3") return xmlResponse(failure);
  return REST_JSON.has(service) ? restJsonResponse(failure) : jsonResponse(service, failure);
}

const REST_JSON = new Set(["lambda", "scheduler"]);

function restJsonResponse({ status, code, message, fields }: AwsFailure): GatewayResponse {
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-requestid": randomUUID(), "x-amzn-errortype": code },
    body: JSON.stringify({ Message: message, ...fields }),
  };
}

const JSON_VERSION: Record<string, string> = { ecs: "1.1", events: "1.1", secretsmanager: "1.1" };

function jsonResponse(service: string, { status, code, message, fields }: AwsFailure): GatewayResponse {
  return {
    status,
    headers: {
      "content-type": `application/x-amz-json-${JSON_VERSION[service] ?? "1.0"}`,
      "x-amzn-requestid": randomUUID(),
      // SQS sends its legacy error codes in a header, which clients read first.
      ...(service === "sqs" && { "x-amzn-query-error": `${code};${status < 500 ? "Sender" : "Receiver"}` }),
    },
    body: JSON.stringify({ __type: code, message, ...fields }),
  };
}

function xmlResponse({ status, code, message, fields }: AwsFailure): GatewayResponse {
  const details = Object.entries(fields).map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`);
  const id = randomUUID();
  return {
    status,
    headers: { "content-type": "application/xml", "x-amz-request-id": id },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message>${details.join("")}<RequestId>${id}</RequestId></Error>`,
  };
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
