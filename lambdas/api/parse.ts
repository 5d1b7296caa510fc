import type * as z from "zod/mini";
import { DomainError, unknownExecution } from "../core/errors.ts";
import { type ExecutionReference, parseReference } from "../core/ids.ts";
import type { ApiRequest } from "./endpoint.ts";

/**
 * `value` as `schema` says.
 * @throws DomainError `bad_request`, with every field that is wrong
 */
export function parse<Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.output<Schema> {
  return parseNamed(undefined, schema, value);
}

/** The same for a value that is a field itself: faults begin with its name. */
export function parseNamed<Schema extends z.ZodMiniType>(
  name: string | undefined,
  schema: Schema,
  value: unknown,
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 5).map(({ path, message }) => {
    const field = [...(name === undefined ? [] : [name]), ...path.map(String)].join(".");
    return field === "" ? message : `${field}: ${message}`;
  });
  throw new DomainError("bad_request", faults.join("; ").slice(0, 1_000));
}

/** The id in a path. @throws DomainError `not_found`: the client knows a missing execution by its 404 only */
export function parseId(request: ApiRequest): ExecutionReference {
  const { id = "" } = request.parameters;
  const reference = parseReference(id);
  if (reference === undefined) throw unknownExecution(id);
  return reference;
}

/** Arguments as they are kept. @throws DomainError `bad_request` */
export function argumentsText(name: string, values: readonly unknown[]): string {
  try {
    return JSON.stringify(values);
  } catch (cause) {
    // JSON.parse takes what is nested a million times, JSON.stringify a few thousand times.
    throw new DomainError("bad_request", `${name}: is nested too deeply`, { cause });
  }
}
