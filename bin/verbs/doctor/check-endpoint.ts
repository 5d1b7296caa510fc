import type { Context } from "../../invocation/context.ts";
import type { Finding } from "./finding.ts";

/** Beyond this, times that a program computes are off for everybody else. */
const MAX_SKEW_MS = 5_000;

/** Checks that the endpoint answers as Epoque does, and that its clock and ours agree. */
export async function checkEndpoint({ target, fetch, now }: Context): Promise<Finding[]> {
  const { endpoint } = target();
  const sentAtMs = now();
  let response: Response;
  try {
    response = await fetch(`${endpoint.replace(/\/+$/, "")}/health`, { signal: AbortSignal.timeout(10_000) });
  } catch (error) {
    const { message, cause } = error as Error & { cause?: { code?: string } };
    return [{ what: "endpoint", state: "bad", message: `${endpoint} does not answer: ${cause?.code ?? message}` }];
  }
  const answeredAtMs = now();
  const body = (await response.json().catch(() => undefined)) as { status?: string } | undefined;
  if (!response.ok || body?.status !== "ok") {
    const message = `${endpoint} answers ${response.status}, but not as Epoque does: is DEFER_ENDPOINT right?`;
    return [{ what: "endpoint", state: "bad", message }];
  }
  return [
    { what: "endpoint", state: "good", message: `${endpoint} answers in ${answeredAtMs - sentAtMs} ms` },
    clock(response.headers.get("date"), sentAtMs, answeredAtMs),
  ];
}

// The header has whole seconds.
function clock(date: string | null, sentAtMs: number, answeredAtMs: number): Finding {
  if (date === null) return { what: "clock", state: "skipped", message: "the endpoint does not tell its time" };
  const theirsMs = Date.parse(date);
  const skewMs = theirsMs > answeredAtMs ? theirsMs - answeredAtMs : Math.max(0, sentAtMs - theirsMs - 1_000);
  const isFar = skewMs > MAX_SKEW_MS;
  const message = isFar
    ? `this machine and the endpoint are ${Math.round(skewMs / 1_000)} s apart: set this machine's clock by NTP`
    : "this machine and the endpoint agree";
  return { what: "clock", state: isFar ? "doubtful" : "good", message };
}
