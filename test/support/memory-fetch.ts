import { workJob } from "../../lambdas/flows/work-job.ts";
import type { memoryApi } from "./api.ts";

export const MEMORY_ENDPOINT = "https://api.test";

/**
 * Returns a `fetch` whose requests the API over ports in memory answers, and the requests that it got. Jobs do a step
 * after each request.
 */
export function memoryFetch({ call, ports }: ReturnType<typeof memoryApi>) {
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
    const [due] = ports.jobMessages.sent.splice(0, 1);
    if (due !== undefined) {
      ports.clock.advance(due.delaySeconds * 1_000);
      await workJob(ports, due.message, false);
    }
    return new Response(statusCode === 204 ? null : (body ?? ""), {
      status: statusCode ?? 200,
      headers: headers as Record<string, string>,
    });
  };
  return { requests, fetch: send as typeof fetch };
}
