import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./api.ts";

/** The history of an execution, up to `version`. */
export function timelineQuery(id: string, version: number) {
  return queryOptions({
    queryKey: ["timeline", id, version],
    queryFn: async ({ signal }) => {
      const { data } = await answer(
        api.GET("/public/v2/executions/{id}/timeline", { params: { path: { id } }, signal }),
      );
      return data;
    },
    placeholderData: (previous) => previous,
  });
}
