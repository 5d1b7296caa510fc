import * as z from "zod";

export interface HttpAnswer {
  status: number;
  headers: Record<string, string | string[]>;
  body: Buffer;
}

const Structured = z.object({
  statusCode: z.coerce.number().int().min(100).max(599),
  headers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullish(),
  cookies: z.array(z.string()).nullish(),
  body: z.unknown().optional(),
  isBase64Encoded: z.boolean().nullish(),
});

/** Returns an answer of API Gateway itself. */
export function gatewayAnswer(status: number, message: string): HttpAnswer {
  return jsonAnswer(status, JSON.stringify({ message }));
}

/** Converts a function's result (JSON) to an HTTP answer, by payload format 2.0. */
export function httpAnswer(payload: string): HttpAnswer {
  const result: unknown = JSON.parse(payload);
  const isStructured = typeof result === "object" && result !== null && "statusCode" in result;
  // Without a status code the result is the body.
  if (!isStructured) return jsonAnswer(200, typeof result === "string" ? result : payload);
  const parsed = Structured.safeParse(result);
  if (!parsed.success) return gatewayAnswer(500, "Internal Server Error");
  const { statusCode, headers, cookies, body, isBase64Encoded } = parsed.data;
  const own: HttpAnswer["headers"] = {};
  for (const [name, value] of Object.entries(headers ?? {})) own[name.toLowerCase()] = String(value);
  // API Gateway computes these itself.
  for (const name of ["content-length", "transfer-encoding", "connection"]) delete own[name];
  if (cookies?.length) own["set-cookie"] = cookies;
  own["content-type"] ??= "text/plain; charset=utf-8";
  return { status: statusCode, headers: own, body: bodyOf(body, isBase64Encoded ?? false) };
}

function bodyOf(body: unknown, isBase64Encoded: boolean): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0);
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return Buffer.from(text, isBase64Encoded ? "base64" : "utf-8");
}

function jsonAnswer(status: number, body: string): HttpAnswer {
  return { status, headers: { "content-type": "application/json" }, body: Buffer.from(body) };
}
