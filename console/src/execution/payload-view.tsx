import { useQuery } from "@tanstack/react-query";
import type { argumentsQuery, resultQuery } from "../api/payloads.ts";
import { JsonView } from "../json/json-view.tsx";
import { CopyButton } from "../ui/copy-button.tsx";
import { Empty } from "../ui/empty.tsx";

/** Arguments or a result; where there are none, the reason. */
export function PayloadView({
  query,
  id,
  what,
}: {
  query: ReturnType<typeof argumentsQuery> | ReturnType<typeof resultQuery>;
  id: string;
  what: "arguments" | "results";
}) {
  const { data, error } = useQuery(query as ReturnType<typeof argumentsQuery>);
  if (error !== null) return <Empty title="It could not be loaded">{error.message}</Empty>;
  if (data === undefined) return <div className="h-40" aria-busy="true" />;
  if ("text" in data) return <JsonView text={data.text} name={what} />;
  switch (data.absent) {
    case "pending":
      return <Empty title="Not yet">The result appears here when the function has ended.</Empty>;
    case "none":
      return <Empty title="There is no result">The execution ended before it had one.</Empty>;
    case "gone":
      return <Empty title="No longer kept">The time for which executions are kept is over.</Empty>;
    case "large": {
      const command = `curl -L -H "Authorization: Bearer $DEFER_TOKEN" ${location.origin}/public/v2/executions/${id}/${what}`;
      return (
        <Empty title="Too large for a page" action={<CopyButton text={command} label="Copy the command" />}>
          It has more than 4 MB. Read it with <code className="font-mono text-xs break-all">{command}</code>
        </Empty>
      );
    }
  }
}
