import { QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api.ts";

/** How often what is on the screen is asked for anew. A page of executions costs some 30 read units each time. */
export const REFRESH_MS = 2_000;

/** The same for what changes seldom or costs more. */
export const SLOW_REFRESH_MS = 10_000;

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // Whether the API is reachable is seen by asking it: the browser knows nothing of a local cloud.
      networkMode: "always",
      staleTime: 1_000,
      retry: (count, error) => !(error instanceof ApiError && error.status < 500) && count < 2,
      retryDelay: (count) => 500 * 2 ** count,
      refetchIntervalInBackground: false,
    },
    mutations: { networkMode: "always", retry: false },
  },
});
