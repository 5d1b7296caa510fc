import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./api.ts";

/** The alarms that ring; none on a developer's machine. AWS counts requests for them, so they are asked for seldom. */
export const alarmsQuery = queryOptions({
  queryKey: ["alarms"],
  queryFn: async ({ signal }) => (await answer(api.GET("/public/v2/alarms", { signal }))).data,
  staleTime: 60_000,
  refetchInterval: 60_000,
});
