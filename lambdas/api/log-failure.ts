/** One JSON line for an error nobody expected: for whoever looks at the log. Never a body, a token or a header. */
export function logFailure(requestId: string, error: unknown): void {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  console.error(
    JSON.stringify({ level: "ERROR", message: "request failed", requestId, error: { name, message, stack } }),
  );
}
