import { createHash, createHmac, type Hash, type Hmac } from "node:crypto";
import { SignatureV4 } from "@smithy/signature-v4";

interface SignedRequest {
  credentials: { accessKeyId: string; secretAccessKey: string };
  method?: string;
  body?: string;
  service?: string;
  date?: Date;
  /** Sent in place of the signed ones. */
  sentBody?: string;
  sentPath?: string;
}

/** `fetch` of a request that the SDK's signer has signed, as a caller of AWS does it. */
export async function signedFetch(
  address: string,
  {
    credentials,
    method = "GET",
    body,
    service = "execute-api",
    date = new Date(),
    sentBody = body,
    sentPath,
  }: SignedRequest,
): Promise<Response> {
  const url = new URL(address);
  const signer = new SignatureV4({ credentials, region: "us-east-1", service, sha256: Sha256 });
  const { headers } = await signer.sign(
    {
      method,
      protocol: url.protocol,
      hostname: url.hostname,
      port: Number(url.port),
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: { host: url.host, "content-type": "application/json" },
      ...(body !== undefined && { body }),
    },
    { signingDate: date },
  );
  const { host: _, ...sent } = headers;
  return fetch(new URL(sentPath ?? address, url), {
    method,
    headers: sent,
    ...(sentBody !== undefined && { body: sentBody }),
  });
}

/** The hash that the signer asks for, by Node. */
class Sha256 {
  readonly #hash: Hash | Hmac;

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", secret as string | Uint8Array);
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(data as string | Uint8Array);
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest();
  }

  reset(): void {}
}
