import { queryOptions } from "@tanstack/react-query";
import { ApiError, api } from "./api.ts";

/** Arguments or a result: its JSON as it was written, or why there is none. */
export type Payload = { text: string } | { absent: "pending" | "none" | "gone" | "large" };

/** The arguments of an execution. */
export function argumentsQuery(id: string) {
  return queryOptions({
    queryKey: ["arguments", id],
    queryFn: ({ signal }) => readPayload("arguments", id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The result of an execution or an attempt, or its error. `version` changes when there may be another. */
export function resultQuery(id: string, version: string) {
  return queryOptions({
    queryKey: ["result", id, version],
    queryFn: ({ signal }) => readPayload("results", id, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });
}

async function readPayload(what: "arguments" | "results", id: string, signal: AbortSignal): Promise<Payload> {
  const { data, error, response } = await api.GET(`/public/v2/executions/{id}/${what}`, {
    params: { path: { id }, query: { inline: "true" } },
    parseAs: "text",
    signal,
  });
  switch (response.status) {
    case 200:
      return { text: String(data) };
    case 202:
      return { absent: "pending" };
    case 204:
      return { absent: "none" };
    case 404:
      return { absent: "gone" };
    // A redirect that was not followed: to where no page may read.
    case 0:
      return { absent: "large" };
    default:
      throw new ApiError(response.status, error?.message ?? `the API answered ${response.status}`);
  }
}
