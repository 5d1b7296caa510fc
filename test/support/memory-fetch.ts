import type { memoryApi } from "./api.ts";

export const MEMORY_ENDPOINT = "https://api.test";

/** Returns a `fetch` whose requests the API over ports in memory answers, and the requests that it got. */
export function memoryFetch({ call }: Pick<ReturnType<typeof memoryApi>, "call">) {
  const requests: string[] = [];
  const send = async (url: string, init: RequestInit = {}) => {
    const path = url.slice(MEMORY_ENDPOINT.length);
    const method = init.method ?? "GET";
    requests.push(`${method} ${path}`);
    const { statusCode, headers, body } = await call({
      method,
      path,
      headers: { ...(init.headers as Record<string, string>) },
      ...(typeof init.body === "string" && { body: init.body }),
    });
    return new Response(statusCode === 204 ? null : (body ?? ""), {
      status: statusCode ?? 200,
      headers: headers as Record<string, string>,
    });
  };
  return { requests, fetch: send as typeof fetch };
}
