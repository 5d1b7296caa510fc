import { randomUUID } from "node:crypto";
import { AwsFailure } from "../gateway/failures.ts";
import type { GatewayRequest, Service } from "../gateway/messages.ts";
import type { Lambda } from "./lambda.ts";

/** Limit of an asynchronous invocation: 1 MB. */
const MAX_EVENT_BYTES = 1_048_576;

/** Serves Lambda's asynchronous `Invoke`, the only supported action. Tries once; AWS retries twice. */
export function lambdaService(lambda: Lambda): Service {
  return async ({ action, resource = "" }, request) => {
    if (action !== "InvokeFunction") {
      throw new AwsFailure(404, "UnknownOperationException", `The local Lambda has no action "${action}".`);
    }
    const name = resource.split(":").at(-1) ?? "";
    if (lambda.configuration(name) === undefined) {
      throw new AwsFailure(404, "ResourceNotFoundException", `Function not found: ${resource}`, { Type: "User" });
    }
    void lambda.invoke(name, eventOf(request));
    return { status: 202, headers: { "x-amzn-requestid": randomUUID() }, body: "" };
  };
}

function eventOf({ headers, body }: GatewayRequest): string {
  if (headers["x-amz-invocation-type"] !== "Event") {
    throw new AwsFailure(400, "InvalidParameterValueException", "The local Lambda has only the invocation type Event.");
  }
  if (body.length > MAX_EVENT_BYTES) {
    throw new AwsFailure(413, "RequestTooLargeException", `${body.length} bytes are over ${MAX_EVENT_BYTES}.`);
  }
  const event = body.toString("utf-8") || "{}";
  try {
    JSON.parse(event);
  } catch {
    throw new AwsFailure(400, "InvalidRequestContentException", "Could not parse request body into json.");
  }
  return event;
}
