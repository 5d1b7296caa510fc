import type middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { type ExecutionId, parseReference } from "../../core/ids.ts";
import type { Clock } from "../../core/ports.ts";
import { type Log, type LogEntry, loggedError } from "../../log/log.ts";

type Handling = middy.Request<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>;

export interface DecisionOptions {
  log: Log;
  clock: Clock;
  factsOf: (event: APIGatewayProxyEventV2) => RequestFacts;
}

/** Facts about a request that its endpoint has learnt. */
export interface RequestFacts {
  /** Name of the caller. */
  by?: string;
  /** The executions that it has enqueued. */
  enqueued?: readonly ExecutionId[];
}

/** Writes one line for each request, with its answer's status; of an answer 500 also the error that nobody expected. */
export function decision({
  log,
  clock,
  factsOf,
}: DecisionOptions): middy.MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  const begun = new WeakMap<APIGatewayProxyEventV2, number>();
  const write = ({ event, response, error }: Handling) => {
    const status = response?.statusCode ?? 500;
    const isOurs = status >= 500;
    const { by, enqueued = [] } = factsOf(event);
    log(
      {
        message: "request answered",
        ...(isOurs && { level: "ERROR" }),
        requestId: event.requestContext.requestId,
        // An unknown path is not logged: it is whatever somebody sent.
        route: event.routeKey === "$default" ? `${event.requestContext.http.method} (no route)` : event.routeKey,
        status,
        ...(by !== undefined && { by }),
        ...(enqueued.length === 1 ? { executionId: enqueued[0] } : subjectOf(event)),
        durationMs: clock.now() - (begun.get(event) ?? clock.now()),
        ...(isOurs && error && { error: loggedError(error) }),
      },
      { ...(enqueued.length > 0 && { enqueued: enqueued.length }), ...(status === 401 && { unauthorized: 1 }) },
    );
  };
  return { before: ({ event }) => void begun.set(event, clock.now()), after: write, onError: write };
}

// Only what has the form of an id: the rest is whatever somebody sent.
function subjectOf({
  routeKey,
  pathParameters,
}: APIGatewayProxyEventV2): Pick<LogEntry, "executionId" | "attempt" | "job"> {
  const reference = parseReference(pathParameters?.["id"] ?? "");
  return routeKey.includes("/bulk/") ? { job: reference?.executionId } : { ...reference };
}
