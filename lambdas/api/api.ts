import middy from "@middy/core";
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from "aws-lambda";
import { DomainError } from "../core/errors.ts";
import type { Alarms, Attempts, ConsoleCodes, LiveLogs, Tokens } from "../core/ports.ts";
import type { BulkPorts } from "../flows/bulk.ts";
import type { DebouncePorts } from "../flows/debounce.ts";
import type { EnqueuePorts } from "../flows/enqueue.ts";
import type { FailuresPorts } from "../flows/failures.ts";
import type { ListPorts } from "../flows/list-executions.ts";
import type { PutSchedulePorts } from "../flows/put-schedule.ts";
import type { WakePorts } from "../flows/wake-parked.ts";
import type { Log } from "../log/log.ts";
import { type AuthenticationPorts, anybody, authenticate, signer } from "./authenticate.ts";
import { authorize } from "./authorize.ts";
import { CONSOLE_ROUTE, consoleFile, type ReadConsoleFile } from "./console-files.ts";
import { type ApiResponse, type Endpoint, nameOf, type Principal } from "./endpoint.ts";
import { getArguments } from "./endpoints/get-arguments.ts";
import { getExecution } from "./endpoints/get-execution.ts";
import { getHealth } from "./endpoints/get-health.ts";
import { getLogs } from "./endpoints/get-logs.ts";
import { getResults } from "./endpoints/get-results.ts";
import { listAttempts } from "./endpoints/list-attempts.ts";
import { listExecutions } from "./endpoints/list-executions.ts";
import { patchSchedule } from "./endpoints/patch-schedule.ts";
import { postBatch } from "./endpoints/post-batch.ts";
import { postCancellation } from "./endpoints/post-cancellation.ts";
import { postRerun } from "./endpoints/post-rerun.ts";
import { putExecution } from "./endpoints/put-execution.ts";
import { decision, type RequestFacts } from "./middleware/decision.ts";
import { failures, MethodNotAllowed } from "./middleware/failures.ts";
import { matchRoute } from "./middleware/match-route.ts";
import { requestId } from "./middleware/request-id.ts";
import { parseBody } from "./parse-body.ts";
import { type Route, type RouteName, routeKey, routes, routesAt } from "./routes.ts";
import { isSigned, signerOf } from "./signed-request.ts";

export interface ApiPorts
  extends EnqueuePorts,
    DebouncePorts,
    ListPorts,
    AuthenticationPorts,
    WakePorts,
    PutSchedulePorts,
    BulkPorts,
    FailuresPorts {
  attempts: Attempts;
  liveLogs: LiveLogs;
  tokens: Tokens;
  alarms: Alarms;
  /** The contract, as JSON. */
  readOpenapi: () => string;
  readConsoleFile: ReadConsoleFile;
  consoleCodes: ConsoleCodes;
  log: Log;
}

/**
 * Endpoints that running programs call: a cold start reads their code. That of all others is read when it is needed.
 */
function endpointsOfExecutions(ports: ApiPorts) {
  return {
    getHealth: getHealth(),
    putExecution: putExecution(ports),
    postBatch: postBatch(ports),
    postList: listExecutions(ports),
    getList: listExecutions(ports),
    getExecution: getExecution(ports),
    getResults: getResults(ports),
    getArguments: getArguments(ports),
    getLogs: getLogs(ports),
    postAttempts: listAttempts(ports),
    getAttempts: listAttempts(ports),
    patchSchedule: patchSchedule(ports),
    postRerun: postRerun(ports),
    postCancellation: postCancellation(ports),
  } satisfies Partial<Record<RouteName, Endpoint>>;
}

/** A route that `operator-endpoints.ts` has to serve: one without an endpoint does not compile. */
export type OperatorRoute = Exclude<RouteName, keyof ReturnType<typeof endpointsOfExecutions>>;

/** The API over its ports: answers the gateway's events (payload format 2.0). */
export function api(ports: ApiPorts) {
  const executionEndpoints = endpointsOfExecutions(ports);
  let loading: Promise<Record<OperatorRoute, Endpoint>> | undefined;
  const endpointOf = async (name: RouteName): Promise<Endpoint> => {
    if (name in executionEndpoints) return executionEndpoints[name as keyof typeof executionEndpoints];
    loading ??= import("./operator-endpoints.ts").then(({ operatorEndpoints }) => operatorEndpoints(ports));
    return (await loading)[name as OperatorRoute];
  };
  const facts = new WeakMap<APIGatewayProxyEventV2, RequestFacts>();
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
    .use(matchRoute())
    .use(decision({ log: ports.log, clock: ports.clock, factsOf: (event) => facts.get(event) ?? {} }))
    .use(requestId())
    .use(failures())
    .handler(async (event) => {
      const known: RequestFacts = {};
      facts.set(event, known);
      const response = await answer(event, endpointOf, ports, (name) => {
        known.by = name;
      });
      if (response.enqueued !== undefined) known.enqueued = response.enqueued;
      return toResult(response);
    });
}

/** Checks caller, route and body, then calls the route's endpoint. @param onCaller hears who calls */
async function answer(
  event: APIGatewayProxyEventV2,
  endpointOf: (name: RouteName) => Promise<Endpoint>,
  ports: ApiPorts,
  onCaller: (name: string) => void,
): Promise<ApiResponse> {
  if (event.routeKey === CONSOLE_ROUTE) return consoleFile(event, ports.readConsoleFile);
  const route = routes.find((candidate) => routeKey(candidate) === event.routeKey);
  const authorization = event.headers["authorization"];
  const principal = route?.scope === "open" ? anybody : await principalOf(event, ports);
  if (route?.scope !== "open") onCaller(nameOf(principal));
  if (route === undefined) throw noSuchRoute(event);
  const parameters = event.pathParameters ?? {};
  await authorize(route, { principal, parameters }, ports);
  const endpoint = await endpointOf(route.name);
  return endpoint({
    parameters,
    query: new URLSearchParams(event.rawQueryString),
    idempotencyKey: event.headers["idempotency-key"],
    authorization,
    body: takesBody(route) ? parseBody(event) : undefined,
    principal,
    requestId: event.requestContext.requestId,
  });
}

async function principalOf(event: APIGatewayProxyEventV2, ports: ApiPorts): Promise<Principal> {
  return isSigned(event) ? signer(signerOf(event)) : authenticate(event.headers["authorization"], ports);
}

// A list may be asked for by the body of a GET; elsewhere such a body means nothing.
function takesBody({ name, method }: Route): boolean {
  return method !== "GET" || name === "getList" || name === "getAttempts";
}

function toResult({ status, headers, body, isBase64 = false }: ApiResponse): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode: status,
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
    ...(isBase64 && { isBase64Encoded: true }),
  };
}

// The gateway sends what fits no route to $default: a path that exists with another method is a 405.
function noSuchRoute(event: APIGatewayProxyEventV2): DomainError {
  const method = event.requestContext.http.method;
  const methods = routesAt(event.rawPath).map(({ route }) => route.method);
  if (methods.length === 0) return new DomainError("not_found", "there is nothing at this path");
  return new MethodNotAllowed(method, methods);
}
