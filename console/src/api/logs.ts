import { queryOptions } from "@tanstack/react-query";
import { ApiError, api } from "./api.ts";
import { queryClient, REFRESH_MS } from "./query-client.ts";

export interface LogLine {
  time: string;
  stream: "stdout" | "stderr";
  line: string;
}

/** The lines that an attempt has written; more come while it runs. */
export function logsQuery(id: string, isRunning: boolean) {
  return queryOptions({
    queryKey: ["logs", id, isRunning],
    queryFn: async ({ signal }) => {
      // Those that are known need not be sent again; the last ones are read once more when it has ended.
      const known = queryClient.getQueryData<readonly LogLine[]>(["logs", id, true]) ?? [];
      return [...known, ...(await readLogs(id, known.length, signal))];
    },
    refetchInterval: isRunning ? REFRESH_MS / 2 : false,
    staleTime: isRunning ? 0 : Number.POSITIVE_INFINITY,
    placeholderData: (previous) => previous,
  });
}

async function readLogs(id: string, after: number, signal: AbortSignal): Promise<readonly LogLine[]> {
  const { data, error, response } = await api.GET("/public/v2/executions/{id}/logs", {
    params: { path: { id }, query: { inline: "true", ...(after > 0 && { after }) } },
    parseAs: "text",
    signal,
  });
  // No attempt has begun.
  if (response.status === 404) return [];
  if (!response.ok) throw new ApiError(response.status, error?.message ?? `the API answered ${response.status}`);
  // An empty body is no data at all for openapi-fetch.
  return String(data ?? "")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as LogLine);
}
