import type { APIGatewayProxyEventV2 } from "aws-lambda";
import { DomainError } from "../core/errors.ts";
import { InexactNumber, parseExactly } from "./exact-numbers.ts";

/**
 * The request's JSON body; `undefined` when there is none.
 * @throws DomainError `unsupported_media_type` or `bad_request`
 */
export function parseBody(event: APIGatewayProxyEventV2): unknown {
  if (event.body === undefined || event.body === "") return undefined;
  const mediaType = event.headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== undefined && !/^application\/([^/]+\+)?json$/.test(mediaType)) {
    throw new DomainError(
      "unsupported_media_type",
      `send the body as application/json, not ${mediaType.slice(0, 100)}`,
    );
  }
  try {
    return parseExactly(event.isBase64Encoded ? decode(event.body) : event.body);
  } catch (error) {
    if (error instanceof InexactNumber) {
      throw new DomainError(
        "bad_request",
        `the body: the number ${error.number.slice(0, 50)} cannot be kept exactly; send it as text`,
      );
    }
    // The parser's message would quote the body.
    throw new DomainError("bad_request", "the body is not valid JSON in UTF-8");
  }
}

function decode(base64: string): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.from(base64, "base64"));
}
