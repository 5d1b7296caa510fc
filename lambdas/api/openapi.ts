import * as z from "zod";
import { TOKEN_NAME } from "../core/api-token.ts";
import { SCHEDULE_NAME } from "../core/schedules/name.ts";
import { bulkOperations } from "./operations/bulk.ts";
import { consoleOperations } from "./operations/console.ts";
import { executionOperations } from "./operations/executions.ts";
import { failureOperations } from "./operations/failures.ts";
import { functionOperations } from "./operations/functions.ts";
import {
  fingerprint,
  message,
  type Operation,
  type RefusalStatus,
  refusals,
  text,
  UUID,
} from "./operations/operation.ts";
import { scheduleOperations } from "./operations/schedules.ts";
import { serviceOperations } from "./operations/service.ts";
import { tokenOperations } from "./operations/tokens.ts";
import { v1Operations } from "./operations/v1.ts";
import * as answers from "./responses.ts";
import { type Route, type RouteName, routes } from "./routes.ts";

// A route that is not described does not compile.
const operations: Record<RouteName, Operation> = {
  ...serviceOperations,
  ...executionOperations,
  ...functionOperations,
  ...scheduleOperations,
  ...failureOperations,
  ...bulkOperations,
  ...tokenOperations,
  ...consoleOperations,
  ...v1Operations,
};

/** An execution's id, or an attempt's: `<execution id>.<number>`. */
const REFERENCE = UUID.replace(/\$$/, "(\\.[1-9][0-9]{0,5})?$");

/** Requests a second beyond the deployment's `throttling`: the gateway answers, in its own words. */
const tooManyRequests = message("Too many requests a second");

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
  const statuses: RefusalStatus[] = [
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
            ...(name === "putExecution" && { description: "Goes without `debounce`" }),
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
