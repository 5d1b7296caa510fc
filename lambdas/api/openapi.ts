import * as z from "zod";
import * as answers from "./responses.ts";
import { type Route, type RouteName, routes } from "./routes.ts";
import * as bodies from "./schemas.ts";

interface Operation {
  summary: string;
  /** The JSON body. Query parameters stand for a list's body in a GET. */
  body?: z.core.$ZodType;
  answers: Record<number, { description: string; schema?: z.core.$ZodType; mediaType?: string }>;
}

const execution = { description: "The execution", schema: answers.ExecutionAnswer };
const list = { description: "A page, newest first", schema: answers.ListAnswer };
const redirect = { description: "It is large: follow the location" };
const json = (description: string) => ({ description, schema: z.unknown() });
const nothing = { description: "Done", schema: z.strictObject({}) };
const message = (description: string) => ({ description, schema: answers.MessageAnswer });
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
  putExecution: { summary: "Enqueue", body: bodies.EnqueueBody, answers: { 201: execution } },
  postList: { summary: "List executions", body: bodies.ListBody, answers: { 200: list } },
  getList: { summary: "List executions, by query parameters or a body", body: bodies.ListBody, answers: { 200: list } },
  getExecution: { summary: "An execution, or an attempt", answers: { 200: execution } },
  getResults: {
    summary: "What the function returned, or its error",
    answers: {
      200: json("Any JSON value"),
      202: message("Not yet"),
      204: { description: "There will never be one" },
      307: redirect,
    },
  },
  getArguments: { summary: "What the function is called with", answers: { 200: json("An array"), 307: redirect } },
  getLogs: {
    summary: "What the attempt wrote",
    answers: {
      200: { description: "A line each", schema: answers.LogLine, mediaType: "application/x-ndjson" },
      307: redirect,
    },
  },
  postAttempts: { summary: "List the attempts of an execution", body: bodies.ListBody, answers: { 200: list } },
  getAttempts: {
    summary: "List the attempts, by query parameters or a body",
    body: bodies.ListBody,
    answers: { 200: list },
  },
  patchSchedule: { summary: "Reschedule", body: bodies.ScheduleBody, answers: { 200: execution } },
  postRerun: { summary: "Run once more, as a new execution", body: bodies.RerunBody, answers: { 200: execution } },
  postCancellation: {
    summary: "Cancel; with force, abort what runs",
    body: bodies.CancellationBody,
    answers: { 200: execution, 202: message("It is being aborted already") },
  },
  enqueueV1,
  getExecutionV1,
  getTriesV1: { summary: "Attempts", answers: { 200: { description: "Newest first", schema: answers.TriesV1 } } },
  cancelV1: { summary: "Cancel", body: bodies.CancellationBody, answers: { 200: nothing, 202: message("Under way") } },
  rescheduleV1: { summary: "Reschedule", body: bodies.ScheduleBody, answers: { 200: nothing } },
  patchScheduleV1: { summary: "Reschedule", body: bodies.ScheduleBody, answers: { 200: nothing } },
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
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { basic: [] }],
    paths,
    components: {
      securitySchemes: {
        bearer: { type: "http", scheme: "bearer" },
        basic: { type: "http", scheme: "basic", description: "An empty user name, and the token as the password" },
      },
      schemas: components,
    },
  };
}

function describe(route: Route, components: Record<string, unknown>): Record<string, unknown> {
  const { summary, body, answers: expected } = operations[route.name];
  const all = { ...expected, default: { description: "A refusal", schema: answers.ErrorAnswer } };
  return {
    operationId: route.name,
    summary,
    ...(route.name === "getHealth" && { security: [] }),
    ...(parameters(route).length > 0 && { parameters: parameters(route) }),
    ...(body && { requestBody: { content: { "application/json": { schema: schemaOf(body, "input", components) } } } }),
    responses: Object.fromEntries(
      Object.entries(all).map(([status, { description, ...answer }]) => [
        status,
        { description, ...content(answer, components) },
      ]),
    ),
  };
}

function parameters({ name, path }: Route): unknown[] {
  const text = { type: "string" };
  return [
    ...(path.includes("{id}") ? [{ name: "id", in: "path", required: true, schema: text }] : []),
    ...(name === "putExecution"
      ? [{ name: "Idempotency-Key", in: "header", schema: { ...text, minLength: 1, maxLength: 256 } }]
      : []),
  ];
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
