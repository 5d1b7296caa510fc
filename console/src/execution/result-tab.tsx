import { useQuery } from "@tanstack/react-query";
import { resultQuery } from "../api/payloads.ts";
import type { Execution } from "../api/types.ts";
import { ErrorView } from "./error-view.tsx";
import { PayloadView } from "./payload-view.tsx";
import { readError } from "./stack.ts";

/** The result of an attempt, or the error that it failed with. */
export function ResultTab({ attempt }: { attempt: Execution }) {
  const query = resultQuery(attempt.id, attempt.updated_at);
  const { data } = useQuery(query);
  const error = attempt.state === "failed" && data !== undefined && "text" in data ? readError(data.text) : undefined;
  if (error !== undefined && data !== undefined && "text" in data) return <ErrorView error={error} stack={data.text} />;
  return <PayloadView query={query} id={attempt.id} what="results" />;
}
