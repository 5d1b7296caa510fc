import { checkedFetch } from "./openapi.ts";
import { until } from "./until.ts";
import type { Writes } from "./writes.ts";

/** Calls functions by the HTTP API, as any program may. */
export interface Caller {
  enqueue(name: string, args?: unknown[], more?: Record<string, unknown>): Promise<string>;
  /** The execution, once it is like that. */
  until(
    id: string,
    isDone: (data: Record<string, unknown>) => boolean,
    timeoutMs?: number,
  ): Promise<Record<string, unknown>>;
  /** The execution, once it has reached a final state. */
  ended(id: string, timeoutMs?: number): Promise<Record<string, unknown>>;
  result(id: string): Promise<unknown>;
  /** Any call: a path that does not begin with `/public` is below `/public/v2/executions`. Gives the answer's JSON. */
  send(method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<unknown>;
}

/** @param writes of the deployment, where they are known: the caller then looks at an execution after each */
export function caller(
  environment: { DEFER_ENDPOINT: string; DEFER_TOKEN: string },
  writes?: Pick<Writes, "of">,
): Caller {
  const checked = checkedFetch(environment.DEFER_ENDPOINT, fetch);
  const call = async (method: string, path: string, body?: unknown, idempotencyKey?: string): Promise<unknown> => {
    const whole = path.startsWith("/public/") ? path : `/public/v2/executions${path}`;
    const response = await checked(new URL(whole, environment.DEFER_ENDPOINT), {
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
  const get = async (id: string) => ((await call("GET", `/${id}`)) as { data: Record<string, unknown> }).data;
  const untilIt: Caller["until"] = (id, isDone, timeoutMs) =>
    until(() => get(id), isDone, timeoutMs, writes && (() => writes.of(id)));
  return {
    async enqueue(name, args = [], more = {}) {
      const answer = await call("PUT", "", { function_name: name, function_arguments: args, ...more });
      return (answer as { data: { id: string } }).data.id;
    },
    until: untilIt,
    ended: (id, timeoutMs) => untilIt(id, (data) => data["finished_at"] !== undefined, timeoutMs),
    send: call,
    result: (id) => call("GET", `/${id}/results`),
  };
}
