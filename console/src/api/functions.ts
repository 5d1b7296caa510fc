import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./api.ts";

/** The deployed functions, by name. */
export const functionsQuery = queryOptions({
  queryKey: ["functions"],
  queryFn: async () => (await answer(api.GET("/public/v2/functions"))).data,
  staleTime: 30_000,
});
