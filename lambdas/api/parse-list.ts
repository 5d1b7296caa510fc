import type * as z from "zod/mini";
import { DomainError } from "../core/errors.ts";
import type { Filters } from "../core/filters.ts";
import type { ExecutionId } from "../core/ids.ts";
import { PAGE_DEFAULT_ITEMS, PAGE_MAX_ITEMS } from "../core/limits.ts";
import { decodeCursor } from "../core/listing/cursor.ts";
import type { PageRequest } from "../core/listing/page.ts";
import type { ApiRequest } from "./endpoint.ts";
import { parse } from "./parse.ts";
import { parseListQuery } from "./parse-list-query.ts";
import { ListBody } from "./schemas/lists.ts";

/**
 * Returns what a list request asks for: by the body, or else by the query string.
 * @param isKey whether a cursor may name this key
 * @throws DomainError `bad_request`
 */
export function parseList(
  { body, query }: ApiRequest,
  isKey: (key: string) => boolean,
): { filters: Filters; page: PageRequest } {
  const { filters = {}, page = {} } = parse(ListBody, body === undefined ? parseListQuery(query) : body);
  return { filters: toFilters(filters), page: toPageRequest(page, isKey) };
}

type Body = z.output<typeof ListBody>;

/** Filters of a body, as lists work with them. */
export function toFilters(filters: NonNullable<Body["filters"]>): Filters {
  return {
    states: filters.states,
    functionIds: filters.function_ids,
    errorCodes: filters.error_codes,
    executedBy: filters.executed_by as ExecutionId | undefined,
    rerunOf: filters.rerun_of as ExecutionId | undefined,
    createdAt: { fromMs: filters.created_at?.from, toMs: filters.created_at?.to },
    errorFingerprint: filters.error_fingerprint,
    schedule: filters.schedule,
    scheduledAt: { fromMs: filters.scheduled_at?.from, toMs: filters.scheduled_at?.to },
    startedAt: { fromMs: filters.started_at?.from, toMs: filters.started_at?.to },
    metadata: filters.metadata,
  } satisfies Record<keyof Filters, unknown>;
}

/** Returns the page that is asked for. @throws DomainError `bad_request` */
export function toPageRequest(
  { first, after, last, before }: NonNullable<Body["page"]>,
  isKey: (key: string) => boolean,
): PageRequest {
  return last !== undefined || before !== undefined
    ? { direction: "oldestFirst", limit: toLimit(last), cursor: toCursor("before", before, isKey) }
    : { direction: "newestFirst", limit: toLimit(first), cursor: toCursor("after", after, isKey) };
}

// Defer's users asked for a thousand: they get pages of a hundred, and the page info says that there are more.
function toLimit(items = PAGE_DEFAULT_ITEMS): number {
  return Math.min(items, PAGE_MAX_ITEMS);
}

function toCursor(name: string, text: string | undefined, isKey: (key: string) => boolean): PageRequest["cursor"] {
  if (text === undefined) return undefined;
  const cursor = decodeCursor(text, isKey);
  if (cursor === undefined) throw new DomainError("bad_request", `page.${name}: must be a cursor of an earlier page`);
  return cursor;
}
