import { DomainError } from "../core/errors.ts";

/** Filters with one value. */
const SINGLE = ["executed_by", "rerun_of", "schedule", "error_fingerprint"];

/** More than any valid list has within the gateway's limit on a URL. */
const MAX_PARAMETERS = 1_000;

/**
 * A list's body, said in a query string: `first`, `after`, `last`, `before`; the filters by their names, repeated for
 * several values (`states=failed&states=aborted`), with a dot for what lies within (`started_at.from`), and
 * `metadata.<key>=<value>`.
 * @throws DomainError `bad_request` for a name that is none of these, or too many
 */
export function parseListQuery(query: URLSearchParams): unknown {
  if (query.size > MAX_PARAMETERS) {
    throw new DomainError("bad_request", `the query string must have ${MAX_PARAMETERS} parameters at most`);
  }
  const page: Record<string, unknown> = {};
  const filters: Record<string, unknown> = {};
  for (const name of new Set(query.keys())) {
    const values = query.getAll(name);
    if (name === "first" || name === "last") page[name] = toNumber(values);
    else if (name === "after" || name === "before") page[name] = single(name, values);
    else if (["states", "function_ids", "error_codes"].includes(name)) filters[name] = values;
    else if (SINGLE.includes(name)) filters[name] = single(name, values);
    else if (name.startsWith("metadata.")) append(filters, { key: name.slice("metadata.".length), values });
    else setBound(filters, name, single(name, values));
  }
  return { page, filters };
}

/** A page that is asked for in a query string. @throws DomainError `bad_request` for any other parameter */
export function parsePageQuery(query: URLSearchParams): unknown {
  const { page, filters } = parseListQuery(query) as { page: object; filters: object };
  const [unknown] = Object.keys(filters);
  if (unknown !== undefined) throw new DomainError("bad_request", `unknown query parameter ${unknown}`);
  return page;
}

function setBound(filters: Record<string, unknown>, name: string, value: string): void {
  const [, filter, end] = /^(scheduled_at|started_at|created_at)\.(from|to)$/.exec(name) ?? [];
  if (filter === undefined || end === undefined) {
    throw new DomainError("bad_request", `unknown query parameter ${name.slice(0, 100)}`);
  }
  filters[filter] = { ...(filters[filter] as object), [end]: value };
}

function append(filters: Record<string, unknown>, pair: { key: string; values: string[] }): void {
  filters["metadata"] = [...((filters["metadata"] as object[] | undefined) ?? []), pair];
}

/**
 * Returns the whole number that is the only value, or the largest one that is exact; other texts stay as they are, and
 * the schema refuses them.
 */
export function toNumber(values: string[]): unknown {
  const [value = ""] = values;
  const isNumber = values.length === 1 && /^-?\d+$/.test(value);
  return isNumber ? Math.min(Number(value), Number.MAX_SAFE_INTEGER) : value;
}

/** Returns the only value. @throws DomainError `bad_request` if there are several */
export function single(name: string, values: string[]): string {
  const [value = ""] = values;
  if (values.length > 1) throw new DomainError("bad_request", `${name.slice(0, 100)}: must be given once`);
  return value;
}
