/** Why a call failed: the API's word for it; `unreachable`: no answer came; `unknown`: the answer was not the API's. */
export type ErrorCode =
  | "bad_request"
  | "unauthorized"
  | "forbidden"
  | "not_found"
  | "method_not_allowed"
  | "conflict"
  | "payload_too_large"
  | "unsupported_media_type"
  | "too_many_requests"
  | "internal"
  | "unavailable"
  | "unreachable"
  | "unknown";

interface Details {
  status: number;
  code: ErrorCode;
  requestId?: string;
  cause?: unknown;
}

/** A refusal of the API, or a fault of the service. */
export class EpoqueError extends Error {
  override readonly name = "EpoqueError";
  /** The HTTP status; 0 if no answer came. */
  readonly status: number;
  readonly code: ErrorCode;
  /** The request's id in the deployment's logs. */
  readonly requestId: string | undefined;

  constructor(message: string, { status, code, requestId, cause }: Details) {
    super(message, cause === undefined ? {} : { cause });
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** Reads a refusal. An answer that is not from the API, such as a proxy's, has no such body. */
export async function refusal(response: Response): Promise<EpoqueError> {
  const text = await response.text();
  const { error = wordFor(response.status), message = text.slice(0, 200) } = parsed(text);
  return new EpoqueError(message || `the endpoint answered ${response.status}`, {
    code: error,
    ...detailsOf(response),
  });
}

/**
 * Reads the JSON of an answer.
 * @throws EpoqueError if it is something else: the endpoint is probably not Epoque's
 */
export async function json(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch (cause) {
    const message = `the endpoint answered ${response.status} without JSON; is DEFER_ENDPOINT the API's address?`;
    throw new EpoqueError(message, { code: "unknown", cause, ...detailsOf(response) });
  }
}

function detailsOf(response: Response): { status: number; requestId?: string } {
  const requestId = response.headers.get("x-request-id");
  return { status: response.status, ...(requestId !== null && { requestId }) };
}

// The gateway's own refusals have a message alone.
function wordFor(status: number): ErrorCode {
  return status === 429 ? "too_many_requests" : "unknown";
}

function parsed(text: string): { error?: ErrorCode; message?: string } {
  try {
    return (JSON.parse(text) ?? {}) as { error?: ErrorCode; message?: string };
  } catch {
    return {};
  }
}
