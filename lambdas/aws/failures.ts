import { DomainError } from "../core/errors.ts";

interface ServiceError extends Error {
  $fault?: "client" | "server";
  $retryable?: { throttling?: boolean };
  $metadata?: { httpStatusCode?: number };
}

/** Names of throttling errors that the SDK does not mark. Source: the services' API references, Common Errors. */
const THROTTLING = /throttl|throughputexceeded|limitexceeded|slowdown|toomanyrequests/i;

interface Stack {
  add(
    middleware: (next: (args: never) => Promise<unknown>) => (args: never) => Promise<never>,
    options: { step: "initialize"; name: string },
  ): void;
}

/**
 * Lets a client's calls fail as `unavailable` where a service is throttled, down or out of reach, after all the SDK's
 * own tries: what the caller may try again in a moment. Every other error passes as it is.
 */
export function failingAsUnavailable<Client extends { middlewareStack: unknown }>(client: Client): Client {
  const stack = client.middlewareStack as Stack;
  stack.add(
    (next) => async (args) => {
      try {
        return (await next(args)) as never;
      } catch (error) {
        if (!isPassing(error)) throw error;
        throw new DomainError("unavailable", "a service this needs is not available; try again in a moment", {
          cause: error,
        });
      }
    },
    { step: "initialize", name: "failingAsUnavailable" },
  );
  return client;
}

function isPassing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { name, $fault, $retryable, $metadata } = error as ServiceError;
  if ($retryable !== undefined || THROTTLING.test(name)) return true;
  // Without an answer there is no fault: the connection was lost, or nothing came in time. An error without metadata
  // was thrown before anything was sent, and trying again does not help.
  return $fault === "server" || ($metadata !== undefined && ($metadata.httpStatusCode ?? 500) >= 500);
}
