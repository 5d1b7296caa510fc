import { checkedFetch } from "./contract.ts";
import { until } from "./until.ts";

/** Calls functions by the HTTP API, as any program may. */
export interface Caller {
  enqueue(name: string, args?: unknown[], more?: Record<string, unknown>): Promise<string>;
  /** The execution, once it has reached a final state. */
  ended(id: string, timeoutMs?: number): Promise<Record<string, unknown>>;
  result(id: string): Promise<unknown>;
  /** Any call below `/public/v2/executions`; gives the answer's JSON. */
  send(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<unknown>;
}

export function caller(environment: { DEFER_ENDPOINT: string; DEFER_TOKEN: string }): Caller {
  const checked = checkedFetch(environment.DEFER_ENDPOINT, fetch);
  const call = async (method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<unknown> => {
    const response = await checked(new URL(`/public/v2/executions${path}`, environment.DEFER_ENDPOINT), {
      method,
      headers: {
        authorization: `Bearer ${environment.DEFER_TOKEN}`,
        "content-type": "application/json",
        ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    async enqueue(name, args = [], more = {}) {
      const answer = await call("PUT", "", { function_name: name, function_arguments: args, ...more });
      return (answer as { data: { id: string } }).data.id;
    },
    async ended(id, timeoutMs) {
      const read = async () => ((await call("GET", `/${id}`)) as { data: Record<string, unknown> }).data;
      return until(read, (data) => data["finished_at"] !== undefined, timeoutMs);
    },
    send: call,
    result: (id) => call("GET", `/${id}/results`),
  };
}
