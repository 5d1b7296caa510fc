import { AwsFailure } from "./failures.ts";
import type { GatewayRequest } from "./messages.ts";

const parsed = new WeakMap<Buffer, unknown>();

/**
 * Returns a request's JSON, `{}` for an empty body. Parses it once: the result is shared and must not be changed.
 * @throws AwsFailure for a body that is not JSON
 */
export function jsonBody({ body }: Pick<GatewayRequest, "body">): unknown {
  if (!parsed.has(body)) parsed.set(body, parseJson(body));
  return parsed.get(body);
}

/** Returns the parameters in a request's JSON. Returns `{}` for a body that is not JSON: its service refuses it. */
export function parametersOf(request: Pick<GatewayRequest, "body">): Record<string, unknown> {
  try {
    return (jsonBody(request) ?? {}) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Parses JSON, `{}` for an empty text. @throws AwsFailure for a text that is not JSON */
export function parseJson(text: Buffer | string): unknown {
  try {
    return JSON.parse(text.toString() || "{}");
  } catch {
    throw new AwsFailure(400, "SerializationException", "The request body is no JSON.");
  }
}
