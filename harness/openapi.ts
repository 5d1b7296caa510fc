import { readFileSync } from "node:fs";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

interface Operation {
  requestBody?: { content: Record<string, { schema: object }> };
  responses: Record<string, { content?: Record<string, { schema: object }> }>;
}

const document = JSON.parse(readFileSync(new URL("../openapi.json", import.meta.url), "utf-8")) as {
  paths: Record<string, Record<string, Operation>>;
};

const ajv = new Ajv2020({ strict: false, allErrors: true });
formats.default(ajv);
ajv.addSchema(document, "openapi");

export interface Answer {
  status: number;
  contentType: string | undefined;
  body: string;
}

/**
 * Holds an answer of the API against `openapi.json`.
 * @throws Error that says what does not fit
 */
export function checkAnswer(method: string, path: string, { status, contentType, body }: Answer): void {
  // The console's files are no part of the contract.
  if (method === "GET" && /^\/(console(\/.*)?)?$/.test(path) && status < 400) return;
  const where = `${method} ${path} → ${status}`;
  const operation = findOperation(method, path);
  const response = operation === undefined ? refusalOfUnknown(status) : operation.responses[status];
  if (response === undefined) throw new Error(`${where}: openapi.json does not know this answer`);
  if (response?.content === undefined) {
    if (body !== "") throw new Error(`${where}: has a body, and openapi.json says none: ${body.slice(0, 200)}`);
    return;
  }
  const [mediaType = "", content] = Object.entries(response.content)[0] ?? [];
  if (contentType?.split(";")[0] !== mediaType) throw new Error(`${where}: is ${contentType}, not ${mediaType}`);
  const values = mediaType === "application/x-ndjson" ? body.split("\n").filter(Boolean) : [body];
  for (const value of values) validate(where, content?.schema ?? ANYTHING, JSON.parse(value));
}

/** Whether `openapi.json` allows a request's body. */
export function isRequestBody(method: string, path: string, body: unknown): boolean {
  const { schema } = findOperation(method, path)?.requestBody?.content["application/json"] ?? {};
  if (schema === undefined) throw new Error(`${method} ${path} takes no body`);
  return ajv.validate(schema, body);
}

const ANYTHING = {};
const ERROR = { $ref: "#/components/schemas/Error" };

// An unknown path or method, and whoever has no token there, gets the same shape as every refusal.
function refusalOfUnknown(status: number): Operation["responses"][string] | undefined {
  return [401, 404, 405].includes(status) ? { content: { "application/json": { schema: ERROR } } } : undefined;
}

/** `fetch`, with every answer of the API held against the contract. */
export function checkedFetch(apiEndpoint: string, original: typeof fetch): typeof fetch {
  return async (input, init) => {
    const response = await original(input, init);
    const url = new URL(input instanceof Request ? input.url : input);
    if (url.origin !== new URL(apiEndpoint).origin || response.redirected) return response;
    const { status, headers } = response;
    // Where our Lambda died the gateway answers by itself.
    if (status >= 500 && headers.get("x-request-id") === null) return response;
    const contentType = headers.get("content-type") ?? undefined;
    checkAnswer(init?.method ?? "GET", url.pathname, { status, contentType, body: await response.clone().text() });
    if (headers.get("x-request-id") === null) throw new Error(`${url.pathname}: has no x-request-id`);
    return response;
  };
}

function findOperation(method: string, path: string): Operation | undefined {
  const exact = document.paths[path] ?? Object.entries(document.paths).find(([template]) => fits(template, path))?.[1];
  return exact?.[method.toLowerCase()];
}

function fits(template: string, path: string): boolean {
  return new RegExp(`^${template.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
}

/** By schema of the document. Compiling takes longer than the call that is checked. */
const compiled = new Map<object, ValidateFunction>();

function validate(where: string, schema: object, value: unknown): void {
  const check = compiled.get(schema) ?? compile(schema);
  if (!check(value)) throw new Error(`${where}: ${ajv.errorsText(check.errors)}`);
}

function compile(schema: object): ValidateFunction {
  const check = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"openapi#/')) as object);
  compiled.set(schema, check);
  return check;
}
