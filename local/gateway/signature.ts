import { createHmac, createSecretKey, hash, type KeyObject, timingSafeEqual } from "node:crypto";
import type { AccessKey, AccessKeys } from "./access-keys.ts";
import { AwsFailure } from "./failures.ts";
import type { GatewayRequest } from "./messages.ts";

// Signature Version 4, checked as AWS does:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html

interface Signed {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
  /** `20261123T150000Z` */
  time: string;
  /** Lifetime of a presigned URL. */
  expiresSeconds?: number;
}

type Signable = Pick<GatewayRequest, "method" | "url" | "headers" | "body">;

type Query = [name: string, value: string][];

/** How many signing keys to keep per access key: one per day and service. */
const MAX_SIGNING_KEYS = 100;

/** How far a signer's clock may differ. */
const MAX_SKEW_MS = 15 * 60_000;

/** Returns the service that a request is signed for, if readable: it decides the format of a refusal. */
export function serviceOf(request: GatewayRequest): string | undefined {
  const credential = /Credential=([^,\s]+)/.exec(request.headers.authorization ?? "")?.[1];
  const presigned = /[?&]X-Amz-Credential=([^&]+)/i.exec(request.url)?.[1];
  return (credential ?? presigned?.replaceAll(/%2F/gi, "/"))?.split("/")[3];
}

/**
 * Returns the access key that signed a request. `aheadMs`: how far the clock of the cloud is moved forward.
 * @throws AwsFailure where the signature is missing, expired, wrong, or from an unknown key
 */
export function verifySignature(
  request: GatewayRequest,
  accessKeys: AccessKeys,
  nowMs: number,
  aheadMs: number,
): AccessKey {
  const query = parseQuery(request.url);
  const signed = readSignature(request, query);
  const isS3 = signed.service === "s3";
  const accessKey = accessKeys.find(signed.accessKeyId);
  if (accessKey === undefined) {
    throw isS3
      ? new AwsFailure(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
      : new AwsFailure(400, "UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  checkTime(signed, nowMs, aheadMs);
  const expected = signatureOf(request, query, signed, accessKey);
  if (!isEqual(expected, signed.signature)) throw mismatch(signed.service);
  checkBody(request, signed);
  return accessKey;
}

/** Returns the `authorization` header that signs all headers of a request without a query. */
export function authorization(
  request: Signable,
  accessKey: AccessKey,
  { time, region, service }: Pick<Signed, "time" | "region" | "service">,
): string {
  const date = time.slice(0, 8);
  const signedHeaders = Object.keys(request.headers).sort();
  const { accessKeyId } = accessKey;
  const signed = { accessKeyId, date, region, service, signedHeaders, signature: "", time };
  const signature = signatureOf(request, [], signed, accessKey);
  const credential = `${accessKeyId}/${date}/${region}/${service}/aws4_request`;
  return `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(";")}, Signature=${signature}`;
}

function readSignature({ url, headers }: GatewayRequest, query: Query): Signed {
  const isPresigned = query.some(([name]) => name === "X-Amz-Algorithm");
  const { authorization } = headers;
  if (isPresigned && authorization !== undefined) {
    throw new AwsFailure(
      400,
      "InvalidArgument",
      "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or the Authorization header should be specified",
      { ArgumentName: "Authorization", ArgumentValue: authorization },
    );
  }
  if (isPresigned) return presigned(Object.fromEntries(query));
  if (authorization?.startsWith("AWS4-HMAC-SHA256 ")) return fromHeader(authorization, headers["x-amz-date"]);
  const isS3Path = url !== "/";
  throw isS3Path
    ? new AwsFailure(403, "AccessDenied", "Access Denied")
    : new AwsFailure(400, "MissingAuthenticationTokenException", "Request is missing Authentication Token");
}

function fromHeader(authorization: string, time: unknown): Signed {
  const field = (name: string) => new RegExp(`${name}=([^,\\s]+)`).exec(authorization)?.[1];
  return signed(field("Credential"), field("SignedHeaders"), field("Signature"), time);
}

function presigned(query: Record<string, string>): Signed {
  return {
    ...signed(query["X-Amz-Credential"], query["X-Amz-SignedHeaders"], query["X-Amz-Signature"], query["X-Amz-Date"]),
    expiresSeconds: Number(query["X-Amz-Expires"]),
  };
}

function signed(credential = "", headers = "", signature = "", time: unknown = ""): Signed {
  const [accessKeyId, date, region, service, end] = credential.split("/");
  if (!accessKeyId || !date || !region || !service || end !== "aws4_request" || !headers || !signature || !time) {
    throw new AwsFailure(400, "IncompleteSignatureException", "The request signature is not complete.");
  }
  return { accessKeyId, date, region, service, signedHeaders: headers.split(";"), signature, time: String(time) };
}

function checkTime({ time, service, expiresSeconds }: Signed, nowMs: number, aheadMs: number): void {
  const signedMs = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, "$1-$2-$3:$4:$5"));
  if (expiresSeconds !== undefined) {
    // `!(… <= …)`: also refuses what is not a number.
    if (!(nowMs <= signedMs + expiresSeconds * 1_000)) throw new AwsFailure(403, "AccessDenied", "Request has expired");
    return;
  }
  // Lambdas live by the cloud's clock, which tests move forward.
  const isWithin = signedMs - nowMs <= MAX_SKEW_MS + aheadMs && nowMs - signedMs <= MAX_SKEW_MS;
  if (isWithin) return;
  throw service === "s3"
    ? new AwsFailure(
        403,
        "RequestTimeTooSkewed",
        "The difference between the request time and the current time is too large.",
      )
    : new AwsFailure(400, "InvalidSignatureException", `Signature expired or not yet current: ${time}`);
}

function signatureOf(request: Signable, query: Query, signed: Signed, accessKey: AccessKey): string {
  const canonicalRequest = [
    request.method,
    canonicalPath(request.url, signed.service),
    canonicalQuery(query),
    ...signed.signedHeaders.map((name) => `${name}:${headerValue(request, name)}`),
    "",
    signed.signedHeaders.join(";"),
    payloadHash(request, signed),
  ].join("\n");
  const { date, region, service, time } = signed;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", time, scope, sha256(canonicalRequest)].join("\n");
  return hmac(signingKey(accessKey, [date, region, service, "aws4_request"]), text).toString("hex");
}

/** Signing keys by access key and scope. */
const signingKeys = new WeakMap<AccessKey, Map<string, KeyObject>>();

function signingKey(accessKey: AccessKey, scope: string[]): KeyObject {
  const keys = signingKeys.get(accessKey) ?? new Map<string, KeyObject>();
  signingKeys.set(accessKey, keys);
  const name = scope.join("/");
  const known = keys.get(name);
  if (known !== undefined) return known;
  const bytes = scope.reduce<Buffer | string>(hmac, `AWS4${accessKey.secretAccessKey}`) as Buffer;
  // Made once: with the bytes, each use would make one, which takes longer than the rest of a check.
  const key = createSecretKey(bytes);
  // A caller may name any scope it likes.
  if (keys.size >= MAX_SIGNING_KEYS) keys.clear();
  keys.set(name, key);
  return key;
}

function payloadHash({ headers, body }: Signable, { expiresSeconds, service }: Signed): string {
  if (expiresSeconds !== undefined && service === "s3") return "UNSIGNED-PAYLOAD";
  const declared = headers["x-amz-content-sha256"];
  return typeof declared === "string" ? declared : sha256(body);
}

/** Compares the body with the declared hash, which the signature covers. */
function checkBody({ headers, body }: GatewayRequest, { service }: Signed): void {
  const declared = headers["x-amz-content-sha256"];
  // UNSIGNED-PAYLOAD, STREAMING-…: the body has no declared hash.
  if (typeof declared !== "string" || !/^[0-9a-f]{64}$/.test(declared) || declared === sha256(body)) return;
  throw service === "s3"
    ? new AwsFailure(
        400,
        "XAmzContentSHA256Mismatch",
        "The provided 'x-amz-content-sha256' header does not match what was computed.",
      )
    : mismatch(service);
}

function canonicalPath(url: string, service: string): string {
  const path = url.split("?", 1)[0] as string;
  // S3 signs the path as sent, other services encode it once more.
  return service === "s3" ? path : path.split("/").map(encode).join("/");
}

function canonicalQuery(query: Query): string {
  return query
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .sort()
    .join("&");
}

function parseQuery(url: string): Query {
  const start = url.indexOf("?");
  if (start === -1) return [];
  try {
    return url
      .slice(start + 1)
      .split("&")
      .filter(Boolean)
      .map((pair) => {
        const [name = "", ...value] = pair.split("=");
        return [decodeURIComponent(name), decodeURIComponent(value.join("="))];
      });
  } catch {
    throw new AwsFailure(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
}

function headerValue({ headers }: Signable, name: string): string {
  return [headers[name] ?? ""].flat().join(",").trim().replaceAll(/ +/g, " ");
}

function mismatch(service: string): AwsFailure {
  const message =
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.";
  return service === "s3"
    ? new AwsFailure(403, "SignatureDoesNotMatch", message)
    : new AwsFailure(service === "sqs" ? 403 : 400, "InvalidSignatureException", message);
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function sha256(data: string | Buffer): string {
  return hash("sha256", data, "hex");
}

function hmac(key: Buffer | KeyObject | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function isEqual(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}
