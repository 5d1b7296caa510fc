import { EpoqueError } from "../../client/client.ts";
import type { Target } from "./target.ts";

/**
 * Returns an address of the console that signs in once, with the token. The code in it is no part of what a server
 * logs.
 * @throws EpoqueError if the deployment has no console, or refuses the token
 */
export async function consoleLink(
  { endpoint, token }: Target,
  { validSeconds, send }: { validSeconds: number; send: typeof fetch },
): Promise<string> {
  const base = endpoint.replace(/\/+$/, "");
  const response = await send(`${base}/console/codes`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ valid_seconds: validSeconds }),
  });
  const answer = (await response.json().catch(() => ({}))) as { data?: { code: string }; message?: string };
  if (answer.data !== undefined) return `${base}/console/#code=${answer.data.code}`;
  const message = `the console cannot be opened: ${response.status} ${answer.message ?? ""}`.trim();
  throw new EpoqueError(message, {
    status: response.status,
    code: response.status === 401 ? "unauthorized" : "unknown",
  });
}
