import type * as z from "zod";
import { DomainError, unknownExecution } from "../core/errors.ts";
import type { Execution } from "../core/execution.ts";
import { parseReference } from "../core/ids.ts";
import type { Executions } from "../core/ports.ts";
import type { Request } from "./endpoint.ts";

/**
 * `value` as `schema` says.
 * @throws DomainError `bad_request`, with every field that is wrong
 */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const faults = result.error.issues.slice(0, 5).map(({ path, message }) => {
    return path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`;
  });
  throw new DomainError("bad_request", faults.join("; ").slice(0, 1_000));
}

/** The execution that a path names, or the refusal its caller gets. */
export async function findExecution(request: Request, executions: Executions): Promise<Execution> {
  const id = request.parameters["id"] ?? "";
  const reference = parseReference(id);
  if (reference === undefined) throw new DomainError("bad_request", "id: must be the id of an execution");
  const execution = reference.attempt === undefined ? await executions.get(reference.executionId) : undefined;
  if (execution === undefined) throw unknownExecution(id);
  return execution;
}
