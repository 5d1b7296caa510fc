// epoque/client: the HTTP API for scripts and servers, in Node and on the edge. It needs `fetch` and nothing else.

export type Metadata = Record<string, string>;

export type State = "created" | "started" | "aborting" | "succeed" | "failed" | "cancelled" | "aborted" | "discarded";

/** An execution, or an attempt of one, as the API answers it. Times are RFC 3339 in UTC. */
export interface Execution {
  id: string;
  state: State;
  function_name: string;
  function_id: string;
  scheduled_at: string;
  created_at: string;
  updated_at: string;
  started_at?: string;
  finished_at?: string;
  discard_after?: string;
  attempt: number;
  error_code?: string;
  executed_by?: string;
  rerun_of?: string;
  metadata: Metadata;
}

/** An execution to enqueue. */
export interface NewExecution {
  function_name: string;
  function_arguments?: unknown[];
  /** When it is due. @default now */
  schedule_for?: Date | string;
  discard_after?: Date | string;
  metadata?: Metadata;
  /** The same key with the same execution enqueues it once. */
  idempotency_key?: string;
}

interface Interval {
  from?: Date | string;
  to?: Date | string;
}

/** Filters of a list, joined by AND. */
export interface Filters {
  states?: State[];
  function_ids?: string[];
  error_codes?: string[];
  executed_by?: string;
  rerun_of?: string;
  created_at?: Interval;
  scheduled_at?: Interval;
  started_at?: Interval;
  metadata?: { key: string; values: string[] }[];
}

export type BatchResult = { execution: Execution } | { error: { error: string; message: string } };

/** A line that an attempt wrote. */
export interface LogLine {
  time: string;
  stream: "stdout" | "stderr";
  line: string;
}

/** A deployed function, its settings, and, if asked for, its load. */
export interface DeployedFunction {
  name: string;
  id: string;
  concurrency?: number;
  max_concurrency_action?: "keep" | "cancel";
  retry: {
    max_attempts: number;
    initial_interval_seconds: number;
    multiplier: number;
    max_interval_seconds: number;
    randomization_factor: number;
  };
  max_duration_seconds: number;
  memory: number;
  cron?: string;
  config: Record<string, unknown>;
  compute: "lambda" | "fargate";
  load?: { waiting: number; running: number; running_is_lower_bound: boolean };
}

export interface ClientOptions {
  /** @default the variable `DEFER_ENDPOINT` */
  endpoint?: string;
  /** @default the variable `DEFER_TOKEN` */
  token?: string;
  /** @default the global one */
  fetch?: typeof fetch;
}

/** A refusal of the API, or a fault of the service. */
export class EpoqueError extends Error {
  override readonly name = "EpoqueError";
  readonly status: number;
  /** The API's word for it, such as `not_found`. */
  readonly code: string;
  readonly requestId: string | undefined;

  constructor(message: string, { status, code, requestId }: { status: number; code: string; requestId?: string }) {
    super(message);
    this.status = status;
    this.code = code;
    this.requestId = requestId;
  }
}

/** Executions that one request may enqueue. */
const MAX_BATCH = 100;

/**
 * Returns a client of the deployment at `DEFER_ENDPOINT`, with the token `DEFER_TOKEN`.
 * @throws Error where one of them is missing. Its calls throw {@link EpoqueError} for what the API refuses.
 */
export function createClient(options: ClientOptions = {}) {
  const call = caller(options);
  const one = async (method: string, path: string, body?: unknown) =>
    ((await (await call(method, path, body)).json()) as { data: Execution }).data;
  const pathOf = (id: string, part = "") => `/executions/${encodeURIComponent(id)}${part}`;
  return {
    executions: {
      get: (id: string) => one("GET", pathOf(id)),

      /** Enqueues one. */
      enqueue: async ({ idempotency_key: key, ...body }: NewExecution) =>
        ((await (await call("PUT", "/executions", body, key)).json()) as { data: Execution }).data,

      /** Enqueues any number, a hundred with each request. Returns a result for each, in order: look at each. */
      async batch(executions: readonly NewExecution[]): Promise<BatchResult[]> {
        const results: BatchResult[] = [];
        for (let from = 0; from < executions.length; from += MAX_BATCH) {
          const body = { executions: executions.slice(from, from + MAX_BATCH) };
          const response = await call("POST", "/executions/batch", body);
          results.push(...((await response.json()) as { data: BatchResult[] }).data);
        }
        return results;
      },

      /** All executions that `filters` ask for, newest first; a page is read when it is reached. */
      list: (filters: Filters = {}) => pages(call, "/executions", filters),

      /** The attempts of an execution, newest first. */
      attempts: (id: string, filters: Filters = {}) => pages(call, pathOf(id, "/attempts"), filters),

      /** Runs it once more, as a new execution, with the same input or another. */
      rerun: (id: string, input: { arguments?: unknown[]; metadata?: Metadata } = {}) =>
        one("POST", pathOf(id, "/reruns"), input),

      /** Gives it another due time. @param scheduleFor now, if it is left out */
      reschedule: (id: string, scheduleFor?: Date | string) =>
        one("PATCH", pathOf(id, "/schedule"), { schedule_for: scheduleFor }),

      /** Cancels what waits; with `force`, also stops what runs. `undefined`: it is being stopped already. */
      async cancel(id: string, { force = false }: { force?: boolean } = {}): Promise<Execution | undefined> {
        const response = await call("POST", pathOf(id, "/cancellation"), { force });
        return response.status === 202 ? undefined : ((await response.json()) as { data: Execution }).data;
      },

      /** Returns the log lines of the last attempt, once it has ended. */
      async logs(id: string): Promise<LogLine[]> {
        const text = await (await call("GET", pathOf(id, "/logs"))).text();
        return text
          .split("\n")
          .filter(Boolean)
          .map((line) => JSON.parse(line) as LogLine);
      },
    },

    functions: {
      async list({ load = false }: { load?: boolean } = {}): Promise<DeployedFunction[]> {
        const response = await call("GET", `/functions${load ? "?include=load" : ""}`);
        return ((await response.json()) as { data: DeployedFunction[] }).data;
      },

      async get(name: string, { load = false }: { load?: boolean } = {}): Promise<DeployedFunction> {
        const response = await call("GET", `/functions/${encodeURIComponent(name)}${load ? "?include=load" : ""}`);
        return ((await response.json()) as { data: DeployedFunction }).data;
      },
    },
  };
}

type Call = (method: string, path: string, body?: unknown, idempotencyKey?: string) => Promise<Response>;

function caller({
  endpoint = variable("DEFER_ENDPOINT"),
  token = variable("DEFER_TOKEN"),
  ...options
}: ClientOptions): Call {
  if (!endpoint) throw new Error("set DEFER_ENDPOINT, or give createClient an endpoint");
  if (!token) throw new Error("set DEFER_TOKEN, or give createClient a token");
  const send = options.fetch ?? fetch;
  return async (method, path, body, idempotencyKey) => {
    const response = await send(`${endpoint.replace(/\/+$/, "")}/public/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw await refusal(response);
    return response;
  };
}

async function* pages(call: Call, path: string, filters: Filters): AsyncGenerator<Execution, void> {
  for (let after: string | undefined; ; ) {
    const response = await call("POST", path, { page: { first: 100, after }, filters });
    const page = (await response.json()) as {
      data: Execution[];
      page_info: { has_next_page: boolean; end_cursor?: string };
    };
    yield* page.data;
    after = page.page_info.end_cursor;
    if (!page.page_info.has_next_page || after === undefined) return;
  }
}

// Responses of others than the API, such as a gateway's own, have no such body.
async function refusal(response: Response): Promise<EpoqueError> {
  const text = await response.text();
  const requestId = response.headers.get("x-request-id");
  const details = { status: response.status, ...(requestId !== null && { requestId }) };
  try {
    const { error = "unknown", message = text } = JSON.parse(text) as { error?: string; message?: string };
    return new EpoqueError(message, { ...details, code: error });
  } catch {
    return new EpoqueError(`${response.status} ${text.slice(0, 200)}`, { ...details, code: "unknown" });
  }
}

// On the edge there may be no `process`.
function variable(name: string): string | undefined {
  // biome-ignore lint/style/noProcessEnv: the two settings that `@defer/client` has as well
  return typeof process === "undefined" ? undefined : process.env[name];
}
