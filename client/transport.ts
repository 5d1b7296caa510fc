import { EpoqueError, refusal } from "./errors.ts";

export interface ClientOptions {
  /** @default the variable `DEFER_ENDPOINT` */
  endpoint?: string;
  /** @default the variable `DEFER_TOKEN` */
  token?: string;
  /** @default the global one */
  fetch?: typeof fetch;
  /** How often a request that may be repeated is sent again after a fault of the service. @default 3 */
  retries?: number;
}

interface CallOptions {
  body?: unknown;
  idempotencyKey?: string | undefined;
  /** Whether sending it twice does no more than sending it once. @default only for GET */
  isRepeatable?: boolean;
  signal?: AbortSignal | undefined;
}

/** Sends a request below `/public/v2`. Rejects with an EpoqueError unless the answer is a success. */
export type Call = (method: string, path: string, options?: CallOptions) => Promise<Response>;

const FIRST_WAIT_MS = 200;
/** A service that asks for more than this gets its error reported instead of a wait. */
const MAX_WAIT_MS = 20_000;

/** @throws Error naming the setting that is missing */
export function transport({
  endpoint = variable("DEFER_ENDPOINT"),
  token = variable("DEFER_TOKEN"),
  fetch: send = fetch,
  retries = 3,
}: ClientOptions): Call {
  if (!endpoint) throw new Error("set DEFER_ENDPOINT, or give createClient an endpoint");
  if (!token) throw new Error("set DEFER_TOKEN, or give createClient a token");
  const base = `${endpoint.replace(/\/+$/, "")}/public/v2`;
  const once = async (method: string, path: string, { body, idempotencyKey, signal }: CallOptions) => {
    const init: RequestInit = {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    };
    try {
      return await send(`${base}${path}`, init);
    } catch (cause) {
      signal?.throwIfAborted();
      throw new EpoqueError(`${endpoint} cannot be reached${reason(cause)}`, { status: 0, code: "unreachable", cause });
    }
  };
  return async (method, path, options = {}) => {
    const isRepeatable = options.isRepeatable ?? method === "GET";
    for (let attempt = 0; ; attempt++) {
      const response = await once(method, path, options).catch((error: unknown): undefined => {
        if (!isRepeatable || attempt >= retries || !(error instanceof EpoqueError)) throw error;
      });
      if (response?.ok) return response;
      const waitMs = retryAfterMs(response) ?? FIRST_WAIT_MS * 2 ** attempt * (0.5 + Math.random());
      if (response && (attempt >= retries || !mayRepeat(response.status, isRepeatable) || waitMs > MAX_WAIT_MS)) {
        throw await refusal(response);
      }
      await response?.body?.cancel();
      await wait(waitMs, options.signal);
    }
  };
}

/** Waits; rejects when `signal` is aborted. */
export function wait(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

// A request that was throttled has done nothing; after any other fault that is not certain.
function mayRepeat(status: number, isRepeatable: boolean): boolean {
  return status === 429 || (isRepeatable && status >= 500);
}

function retryAfterMs(response: Response | undefined): number | undefined {
  const seconds = Number(response?.headers.get("retry-after") ?? Number.NaN);
  return Number.isFinite(seconds) ? seconds * 1_000 : undefined;
}

// Node's fetch hides the reason in the cause.
function reason(error: unknown): string {
  const { message, cause } = error as Error & { cause?: { code?: string; message?: string } };
  return `: ${cause?.code ?? cause?.message ?? message}`;
}

// On the edge there may be no `process`.
function variable(name: string): string | undefined {
  // biome-ignore lint/style/noProcessEnv: the two settings that `@defer/client` has as well
  return typeof process === "undefined" ? undefined : process.env[name];
}
