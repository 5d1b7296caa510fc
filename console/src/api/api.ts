import createClient from "openapi-fetch";
import { observedFetch } from "./connection.ts";
import type { paths } from "./schema.d.ts";
import { token } from "./token.ts";

/** The API, by its contract. */
export const api = createClient<paths>({ baseUrl: location.origin, fetch: observedFetch, redirect: "manual" });

api.use({
  onRequest({ request }) {
    const value = token.get();
    if (value !== undefined) request.headers.set("authorization", `Bearer ${value}`);
    return request;
  },
  onResponse({ response, request }) {
    const isOfCurrentToken = request.headers.get("authorization") === `Bearer ${token.get()}`;
    if (response.status === 401 && isOfCurrentToken) token.set(undefined);
  },
});

/** An answer of the API that is an error, in its own words. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = "ApiError";
    this.status = status;
  }
}

/**
 * Returns the body of a successful answer.
 * @throws ApiError
 */
export async function answer<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<NonNullable<Data>> {
  const { data, error, response } = await call;
  if (response.ok && data !== undefined && data !== null) return data;
  throw new ApiError(response.status, messageOf(error) ?? `the API answered ${response.status}`);
}

function messageOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("message" in error)) return undefined;
  return String(error.message);
}
