import * as z from "zod";
import { TOKEN_NAME } from "../core/api-token.ts";
import { errorCodes, states } from "../core/execution.ts";
import { resolutions } from "../core/failures/group.ts";
import { BATCH_MAX_ITEMS } from "../core/limits.ts";
import { SCHEDULE_NAME } from "../core/schedules/name.ts";
import * as answers from "./responses.ts";
import { type Route, type RouteName, routes } from "./routes.ts";
import * as bodies from "./schemas.ts";

interface Operation {
  summary: string;
  /** The JSON body. */
  body?: z.core.$ZodType;
  /** Parameters of the query string. */
  query?: readonly object[];
  /** Refusals beside those that follow from the route itself. */
  refusals?: readonly Refusal[];
  answers: Record<number, { description: string; schema?: z.core.$ZodType; mediaType?: string }>;
}

const UUID = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";

/** An execution's id, or an attempt's: `<execution id>.<number>`. */
const REFERENCE = UUID.replace(/\$$/, "(\\.[1-9][0-9]{0,5})?$");

const execution = { description: "The execution", schema: answers.ExecutionAnswer };
const list = { description: "A page, newest first", schema: answers.ListAnswer };
const deployed = { description: "The function", schema: answers.FunctionAnswer };
const redirect = { description: "It is large: follow the location" };
const json = (description: string) => ({ description, schema: z.unknown() });
const nothing = { description: "Done", schema: z.strictObject({}) };
const message = (description: string) => ({ description, schema: answers.MessageAnswer });
type Refusal = keyof typeof refusals;

const refusals = {
  400: "A malformed request; the message names the field",
  401: "No token, or a wrong one",
  403: "The token lacks a scope, or is for other functions or executions",
  404: "Unknown or malformed id or name",
  409: "The execution's state, or an earlier request, does not allow it",
  413: "The body is too large",
  415: "The body is not JSON",
  500: "A fault of the service",
  503: "AWS throttles or does not answer; try again after Retry-After seconds",
} as const;

/** Requests a second beyond the deployment's `throttling`: the gateway answers, in its own words. */
const tooManyRequests = message("Too many requests a second");

const text = { type: "string" } as const;
const whole = { type: "integer", minimum: 1 } as const;
const texts = (items: object) => ({ type: "array", items, maxItems: 100 });
const fingerprint = { type: "string", pattern: "^[0-9a-f]{32}$" } as const;
const moment = { type: "string", format: "date-time" } as const;

/** A list's body as query parameters. `metadata.<key>=<value>` filters by metadata, which OpenAPI cannot express. */
const listQuery = [
  { name: "first", in: "query", schema: whole, description: "Page size; at most 100 are answered" },
  { name: "after", in: "query", schema: text },
  { name: "last", in: "query", schema: whole },
  { name: "before", in: "query", schema: text },
  { name: "states", in: "query", schema: texts({ enum: states }) },
  { name: "function_ids", in: "query", schema: texts({ type: "string", pattern: UUID }) },
  { name: "error_codes", in: "query", schema: texts({ enum: errorCodes }) },
  { name: "executed_by", in: "query", schema: { type: "string", pattern: UUID } },
  { name: "schedule", in: "query", schema: { type: "string", pattern: SCHEDULE_NAME.source } },
  { name: "error_fingerprint", in: "query", schema: fingerprint },
  { name: "rerun_of", in: "query", schema: { type: "string", pattern: UUID } },
  ...["scheduled_at", "started_at", "created_at"].flatMap((name) =>
    ["from", "to"].map((end) => ({ name: `${name}.${end}`, in: "query", schema: moment })),
  ),
];

const payloadQuery = [
  {
    name: "inline",
    in: "query",
    schema: { enum: ["true", "false"] },
    description: "Answers up to 4 MB in place instead of by a redirect",
  },
];

const schedule = { description: "The schedule", schema: answers.ScheduleAnswer };

const bulk = { description: "The job", schema: answers.BulkAnswer };

const scheduleQuery = [
  ...listQuery.slice(0, 4),
  { name: "function_ids", in: "query", schema: texts({ type: "string", pattern: UUID }) },
  { name: "paused", in: "query", schema: { enum: ["true", "false"] } },
  { name: "prefix", in: "query", schema: { ...text, pattern: SCHEDULE_NAME.source } },
];

const enqueueV1 = {
  summary: "Enqueue, as version 1 did",
  body: bodies.EnqueueV1Body,
  answers: { 200: { description: "Accepted", schema: z.strictObject({ id: z.guid() }) } },
};
const getExecutionV1 = {
  summary: "State and result, as version 1 did",
  answers: { 200: { description: "The execution", schema: answers.ExecutionV1 } },
};

// A route that is not described does not compile.
const operations: Record<RouteName, Operation> = {
  getHealth: {
    summary: "Whether the service is up; open to everybody",
    answers: { 200: { description: "It is", schema: answers.HealthAnswer } },
  },
  getOpenapi: { summary: "This contract", answers: { 200: json("An OpenAPI 3.1 document") } },
  putExecution: {
    summary: "Enqueue, or move the execution that a debounce brings together",
    body: bodies.EnqueueBody,
    answers: { 200: execution, 201: execution },
    refusals: [409],
  },
  postBatch: {
    summary: "Enqueue up to 100; each succeeds or fails by itself, in order",
    body: z.strictObject({ executions: z.array(bodies.BatchItem).max(BATCH_MAX_ITEMS) }),
    answers: { 200: { description: "A result for each", schema: answers.BatchAnswer } },
  },
  postList: { summary: "List executions", body: bodies.ListBody, answers: { 200: list } },
  getList: {
    summary: "List executions, by query parameters",
    query: listQuery,
    answers: { 200: list },
    refusals: [413, 415],
  },
  getExecution: { summary: "An execution, or an attempt", answers: { 200: execution } },
  getResults: {
    summary: "What the function returned, or its error",
    query: payloadQuery,
    answers: {
      200: json("Any JSON value"),
      202: message("Not yet"),
      204: { description: "There will never be one" },
      307: redirect,
    },
  },
  getArguments: {
    summary: "What the function is called with",
    query: payloadQuery,
    answers: { 200: json("An array"), 307: redirect },
  },
  getLogs: {
    summary: "What the attempt wrote; while it runs, so far",
    query: [
      ...payloadQuery,
      {
        name: "after",
        in: "query",
        schema: { type: "integer", minimum: 0, maximum: 10_000_000 },
        description: "The lines behind so many, which the caller has",
      },
    ],
    answers: {
      200: { description: "A line each", schema: answers.LogLine, mediaType: "application/x-ndjson" },
      307: redirect,
    },
  },
  getTimeline: {
    summary: "What happened to an execution, and what has come of it",
    answers: { 200: { description: "Its changes, children and re-runs", schema: answers.TimelineAnswer } },
  },
  postAttempts: { summary: "List the attempts of an execution", body: bodies.ListBody, answers: { 200: list } },
  getAttempts: {
    summary: "List the attempts, by query parameters",
    query: listQuery,
    answers: { 200: list },
    refusals: [413, 415],
  },
  patchSchedule: { summary: "Reschedule", body: bodies.ScheduleBody, answers: { 200: execution }, refusals: [409] },
  postRerun: { summary: "Run once more, as a new execution", body: bodies.RerunBody, answers: { 200: execution } },
  postCancellation: {
    summary: "Cancel; with force, abort what runs",
    body: bodies.CancellationBody,
    answers: { 200: execution, 202: message("It is being aborted already") },
    refusals: [409],
  },
  postPause: { summary: "Let nothing of a function start", body: bodies.EmptyBody, answers: { 200: deployed } },
  postResume: { summary: "Let a function start again", body: bodies.EmptyBody, answers: { 200: deployed } },
  listFunctions: {
    summary: "The deployed functions",
    query: [{ name: "include", in: "query", schema: { ...text, enum: ["load"] } }],
    answers: { 200: { description: "In the order of their names", schema: answers.DeployedFunctionsAnswer } },
  },
  getFunction: {
    summary: "A deployed function",
    query: [{ name: "include", in: "query", schema: { ...text, enum: ["load"] } }],
    answers: { 200: { description: "The function", schema: answers.DeployedFunctionAnswer } },
  },
  getSchedules: {
    summary: "List schedules by name, those of the code among them",
    query: scheduleQuery,
    answers: { 200: { description: "A page", schema: answers.SchedulesAnswer } },
  },
  putSchedule: {
    summary: "Make or replace a schedule; the same body once more changes nothing",
    body: bodies.PutScheduleBody,
    answers: { 200: schedule, 201: schedule },
    refusals: [409],
  },
  getSchedule: { summary: "A schedule", answers: { 200: schedule } },
  deleteSchedule: { summary: "Delete a schedule", answers: { 204: { description: "Done" } }, refusals: [409] },
  pauseSchedule: {
    summary: "Pause a schedule",
    body: bodies.EmptyBody,
    answers: { 200: schedule },
    refusals: [409],
  },
  resumeSchedule: {
    summary: "Go on with the next tick after now",
    body: bodies.EmptyBody,
    answers: { 200: schedule },
    refusals: [409],
  },
  runSchedule: {
    summary: "Run a schedule once now, out of turn",
    body: bodies.EmptyBody,
    answers: { 201: execution },
    refusals: [409],
  },
  getNextTicks: {
    summary: "The next ticks of a schedule; none while it is paused",
    query: [{ name: "count", in: "query", schema: { ...whole, maximum: 1_000, default: 10 } }],
    answers: { 200: { description: "Oldest first", schema: answers.TicksAnswer } },
  },
  getConsoleSession: {
    summary: "The caller's name and scopes",
    answers: { 200: { description: "The caller", schema: answers.ConsoleCallerAnswer } },
  },
  postConsoleCode: {
    summary: "A one-time code that stands for the caller's token, for a link to the console",
    body: bodies.ConsoleCodeBody,
    answers: { 201: { description: "For the link's fragment: /console/#code=…", schema: answers.ConsoleCodeAnswer } },
  },
  postConsoleSession: {
    summary: "Exchange a one-time code for its token",
    body: bodies.ConsoleSessionBody,
    answers: { 200: { description: "The token", schema: answers.ConsoleSessionAnswer } },
    refusals: [400, 401, 503],
  },
  getAlarms: {
    summary: "The alarms that ring",
    answers: {
      200: { description: "The latest first; none on the developer's machine", schema: answers.AlarmsAnswer },
    },
  },
  listTokens: {
    summary: "The named tokens",
    answers: { 200: { description: "By name", schema: answers.TokensAnswer } },
  },
  createToken: {
    summary: "Make a named token",
    body: bodies.TokenBody,
    answers: { 201: { description: "The token, this once", schema: answers.NewTokenAnswer } },
    refusals: [409],
  },
  deleteToken: {
    summary: "Revoke a token; within a minute nobody takes it any more",
    answers: { 204: { description: "Done" } },
  },
  listFailures: {
    summary: "Groups of failures of the last 7 days, by the hour in which they were last seen",
    query: [
      ...listQuery.slice(0, 4),
      { name: "states", in: "query", schema: texts({ enum: resolutions }) },
      { name: "function_ids", in: "query", schema: texts({ type: "string", pattern: UUID }) },
    ],
    answers: { 200: { description: "A page, newest first", schema: answers.FailuresAnswer } },
  },
  postResolution: {
    summary: "Note that failures of a kind are resolved, until they happen again; ignored; or open",
    body: bodies.ResolutionBody,
    answers: { 200: { description: "The group", schema: answers.FailureAnswer } },
  },
  postBulk: {
    summary: "Cancel, re-run or reschedule everything that filters match, once each and at a pace; or only count it",
    body: bodies.BulkBody,
    answers: {
      200: { description: "What a dry run counted", schema: answers.DryRunAnswer },
      202: { description: "The job", schema: answers.BulkAnswer },
    },
  },
  listBulk: {
    summary: "List the bulk jobs",
    query: listQuery.slice(0, 4),
    answers: { 200: { description: "A page, newest first", schema: answers.BulkListAnswer } },
  },
  getBulk: { summary: "A bulk job", answers: { 200: bulk } },
  stopBulk: { summary: "Stop a bulk job", body: bodies.EmptyBody, answers: { 200: bulk } },
  enqueueV1,
  getExecutionV1,
  getTriesV1: { summary: "Attempts", answers: { 200: { description: "Newest first", schema: answers.TriesV1 } } },
  cancelV1: {
    summary: "Cancel",
    body: bodies.CancellationBody,
    answers: { 200: nothing, 202: message("Under way") },
    refusals: [409],
  },
  rescheduleV1: { summary: "Reschedule", body: bodies.ScheduleBody, answers: { 200: nothing }, refusals: [409] },
  patchScheduleV1: { summary: "Reschedule", body: bodies.ScheduleBody, answers: { 200: nothing }, refusals: [409] },
  enqueueOldV1: enqueueV1,
  getExecutionOldV1: getExecutionV1,
};

/** The contract of the API as an OpenAPI 3.1 document. */
export function openapi(): Record<string, unknown> {
  const components: Record<string, unknown> = {};
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: describe(route, components) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Epoque",
      version: "2",
      description: "Background functions and advanced scheduling",
      license: { name: "MIT", identifier: "MIT" },
    },
    servers: [{ url: "/" }, { url: "/iam", description: "For signed requests, with `-c iamAuth=true`" }],
    security: [{ bearer: [] }, { basic: [] }, { sigv4: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        sigv4: {
          type: "apiKey",
          name: "Authorization",
          in: "header",
          description: "Signature Version 4 for the service `execute-api`, below `/iam`",
          "x-amazon-apigateway-authtype": "awsSigv4",
        },
        basic: { type: "http", scheme: "basic", description: "An empty user name, and the token as the password" },
      },
      schemas: components,
    },
  };
}

function describe(route: Route, components: Record<string, unknown>): Record<string, unknown> {
  const operation = operations[route.name];
  const { summary, body, answers: expected } = operation;
  const parameters = parametersOf(route, operation);
  const all = { ...expected, ...refusalsOf(route, operation), 429: tooManyRequests };
  return {
    operationId: route.name,
    summary,
    ...(route.scope === "open" ? { security: [] } : { description: `Needs a token with the scope \`${route.scope}\`` }),
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        // Where an empty object will do, so will no body.
        required: !z.safeParse(body, {}).success,
        content: { "application/json": { schema: schemaOf(body, "input", components) } },
      },
    }),
    responses: Object.fromEntries(
      Object.entries(all).map(([status, { description, ...answer }]) => [
        status,
        { description, ...content(answer, components) },
      ]),
    ),
  };
}

function refusalsOf({ name, scope, path, method }: Route, { refusals: more = [] }: Operation): Operation["answers"] {
  const takesBody = method !== "GET";
  const statuses: Refusal[] = [
    ...(scope === "open" ? [] : ([400, 401, 403, 503] as const)),
    ...(path.includes("{") && name !== "putSchedule" ? ([404] as const) : []),
    ...(takesBody ? ([413, 415] as const) : []),
    ...more,
    500,
  ];
  return Object.fromEntries(
    statuses.map((status) => [status, { description: refusals[status], schema: answers.ErrorAnswer }]),
  );
}

function parametersOf({ name, path }: Route, { query = [] }: Operation): unknown[] {
  return [
    ...(path.includes("{id}")
      ? [{ name: "id", in: "path", required: true, schema: { ...text, pattern: idOf(path) } }]
      : []),
    ...(path.includes("{fingerprint}")
      ? [{ name: "fingerprint", in: "path", required: true, schema: fingerprint }]
      : []),
    ...(path.includes("{name}") ? [{ name: "name", in: "path", required: true, schema: nameOf(path) }] : []),
    ...(name === "putExecution" || name === "runSchedule"
      ? [
          {
            name: "Idempotency-Key",
            in: "header",
            schema: { ...text, minLength: 1, maxLength: 256, pattern: "^[ -~]*$" },
          },
        ]
      : []),
    ...query,
  ];
}

function idOf(path: string): string {
  return path.includes("/bulk/") ? UUID : REFERENCE;
}

function nameOf(path: string): object {
  if (path.includes("/schedules/")) return { ...text, pattern: SCHEDULE_NAME.source };
  return path.includes("/tokens/") ? { ...text, pattern: TOKEN_NAME.source } : text;
}

function content(
  { schema, mediaType = "application/json" }: { schema?: z.core.$ZodType; mediaType?: string },
  components: Record<string, unknown>,
): object {
  return schema === undefined ? {} : { content: { [mediaType]: { schema: schemaOf(schema, "output", components) } } };
}

// Schemas with an id become components, which the others refer to.
function schemaOf(schema: z.core.$ZodType, io: "input" | "output", components: Record<string, unknown>): unknown {
  const {
    $schema: _,
    $defs,
    ...rest
  } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    target: "draft-2020-12",
  });
  const text = (part: unknown) => JSON.stringify(part).replaceAll("#/$defs/", "#/components/schemas/");
  for (const [name, definition] of Object.entries($defs ?? {}))
    components[name] = withoutId(JSON.parse(text(definition)));
  const { id } = z.globalRegistry.get(schema) ?? {};
  const described = JSON.parse(text(rest)) as Record<string, unknown>;
  if (id === undefined || "$ref" in described) return described;
  components[id] = withoutId(described);
  return { $ref: `#/components/schemas/${id}` };
}

function withoutId(definition: Record<string, unknown>): unknown {
  const { id: _, $id: __, ...rest } = definition;
  return rest;
}
