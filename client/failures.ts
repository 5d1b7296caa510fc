import { json } from "./errors.ts";
import { type Page, type PageRequest, pages, query } from "./pages.ts";
import type { Call } from "./transport.ts";

/** `resolved` opens by itself when it happens again, `ignored` does not. */
export type FailureState = "open" | "resolved" | "ignored";

/** A kind of failure: attempts of a function that failed alike. */
export interface FailureGroup {
  fingerprint: string;
  state: FailureState;
  function_name: string;
  function_id: string;
  error_name: string;
  /** The last one's. */
  message: string;
  /** Failed attempts of the last 7 days. */
  count: number;
  /** Hours in which it happened, oldest first. */
  by_hour: { hour: string; count: number }[];
  first_seen_at: string;
  last_seen_at: string;
  sample_execution_id: string;
  resolved_at?: string;
  resolved_by?: string;
}

export interface FailureFilters {
  states?: FailureState[];
  function_ids?: string[];
}

export function failures(call: Call) {
  const page = async (filters: FailureFilters, which: PageRequest) =>
    (await json(await call("GET", `/failures${query({ ...filters, ...which })}`))) as Page<FailureGroup>;
  const set = async (fingerprint: string, state: FailureState) => {
    const path = `/failures/${encodeURIComponent(fingerprint)}/resolution`;
    const response = await call("POST", path, { body: { state }, isRepeatable: true });
    return ((await json(response)) as { data: FailureGroup }).data;
  };
  return {
    /** Yields all kinds that `filters` ask for, the last seen first; a page is read when it is reached. */
    list: (filters: FailureFilters = {}) => pages((which) => page(filters, which)),

    /** Reads one page, the last seen first. */
    page: (which: PageRequest = {}, filters: FailureFilters = {}) => page(filters, which),

    /** Marks a kind as mended. It opens by itself when it happens again. */
    resolve: (fingerprint: string) => set(fingerprint, "resolved"),

    /** Marks a kind as one that nobody need look at. */
    ignore: (fingerprint: string) => set(fingerprint, "ignored"),

    reopen: (fingerprint: string) => set(fingerprint, "open"),
  };
}
