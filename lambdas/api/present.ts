import type { Execution, StoredPayload } from "../core/execution.ts";
import type { DeployedFunction } from "../core/functions.ts";
import { attemptId } from "../core/ids.ts";
import { type Cursor, encodeCursor } from "../core/listing/cursor.ts";
import type { Page } from "../core/listing/page.ts";
import type { Pause, Payloads } from "../core/ports.ts";
import { presentExecution, timestamp } from "../core/present-execution.ts";
import type { Load } from "../flows/read-load.ts";
import { type ApiRequest, type ApiResponse, json } from "./endpoint.ts";
import { parseNamed } from "./parse.ts";
import { PayloadQuery } from "./schemas/executions.ts";

/** A deployed function as the API answers it. */
export function presentFunction(
  { name, id, retry, settings }: DeployedFunction,
  { pause, load }: { pause: Pause | undefined; load?: Load | undefined },
): Record<string, unknown> {
  const { concurrency, maxConcurrencyAction, maxDurationSeconds, memory, cron, config } = settings;
  return {
    name,
    id,
    ...(concurrency !== undefined && { concurrency }),
    ...(maxConcurrencyAction !== undefined && { max_concurrency_action: maxConcurrencyAction }),
    retry: {
      max_attempts: retry.maxAttempts,
      initial_interval_seconds: retry.initialIntervalSeconds,
      multiplier: retry.multiplier,
      max_interval_seconds: retry.maxIntervalSeconds,
      randomization_factor: retry.randomizationFactor,
    },
    max_duration_seconds: maxDurationSeconds,
    memory,
    ...(cron !== undefined && { cron }),
    config,
    compute: settings.compute,
    paused: pause !== undefined,
    ...(pause && { paused_at: timestamp(pause.atMs), ...(pause.by !== undefined && { paused_by: pause.by }) }),
    ...(load && {
      load: {
        waiting: load.waiting,
        parked: load.parked,
        parked_is_lower_bound: load.isParkedLowerBound,
        running: load.running,
        running_is_lower_bound: load.isLowerBound,
      },
    }),
  };
}

/** The only page of an empty list. */
export const noItems = { items: [], hasNext: false, hasPrevious: false, start: undefined, end: undefined };

/** A page of executions. */
export function presentPage(page: Page<Execution>): ApiResponse {
  return presentList(page, (execution) => presentExecution(execution));
}

/** A page of attempts, each with its own id. */
export function presentAttempts(page: Page<Execution>): ApiResponse {
  return presentList(page, (attempt) => presentExecution(attempt, attemptId(attempt.id, attempt.attempt)));
}

/** A stored text and its media type. */
export interface PresentedPayload {
  payload: StoredPayload;
  /** Key of the object, if it was stored as one. */
  key: string;
  contentType: string;
}

/** The gateway takes 6 MB from a Lambda. As base64 a text has a third more, whatever is in it. */
const MAX_INLINE_BYTES = 4_300_000;

/**
 * A payload in place, or, if it is an object, a redirect to where it can be read from. With `?inline=true` an object is
 * in place too, unless the gateway could not take it: for pages, which no browser lets follow the redirect.
 */
export async function presentPayload(
  { query }: ApiRequest,
  { payload, key, contentType }: PresentedPayload,
  payloads: Payloads,
): Promise<ApiResponse> {
  const { inline } = parseNamed("the query", PayloadQuery, Object.fromEntries(query));
  const headers = { "content-type": contentType };
  if ("inline" in payload) return { status: 200, headers, body: payload.inline };
  if (inline === "true" && payload.bytes <= MAX_INLINE_BYTES) {
    const text = await payloads.read(payload, key);
    return { status: 200, headers, body: Buffer.from(text).toString("base64"), isBase64: true };
  }
  return { status: 307, headers: { location: await payloads.link(key), "cache-control": "no-store" } };
}

/** A page of anything, as lists are answered. */
export function presentList<Item>(
  { items, hasNext, hasPrevious, start, end }: Page<Item>,
  present: (item: Item) => unknown,
): ApiResponse {
  return json(200, {
    data: items.map(present),
    page_info: {
      has_next_page: hasNext,
      has_prev_page: hasPrevious,
      ...cursorField("start_cursor", start),
      ...cursorField("end_cursor", end),
    },
  });
}

function cursorField(name: string, cursor: Cursor | undefined): Record<string, string> {
  return cursor === undefined ? {} : { [name]: encodeCursor(cursor) };
}
