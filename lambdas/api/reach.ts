import type { Scope } from "../core/api-token.ts";
import { DomainError } from "../core/errors.ts";
import { type Execution, rootOf } from "../core/execution.ts";
import type { Filters } from "../core/filters.ts";
import { type ExecutionId, functionId, functionTag, tagOf } from "../core/ids.ts";
import type { Principal } from "./endpoint.ts";

// Limits of callers: a token may be for some functions only, and an execution token for its own tree.

/** @throws DomainError `forbidden` that names the scope */
export function requireScope(principal: Principal & { kind: "api" }, scope: Scope): void {
  const { name, scopes } = principal;
  if (scopes.includes(scope) || scopes.includes("admin")) return;
  throw new DomainError("forbidden", `the token "${name}" may not do this: it lacks the scope "${scope}"`);
}

/** Whether the caller's token is for this function. */
export function mayUse(principal: Principal, functionName: string): boolean {
  return principal.kind === "execution" || (principal.functions?.includes(functionName) ?? true);
}

/** @throws DomainError `forbidden` for a token that is for other functions only */
export function requireFunction(principal: Principal, functionName: string): void {
  if (principal.kind === "api" && !mayUse(principal, functionName)) throw otherFunctions(principal);
}

/** The same by the id of an execution, which tells its function: nothing is read for it. */
export function requireFunctionOf(principal: Principal, id: ExecutionId): void {
  if (principal.kind === "api" && !isOfTheirs(principal, id)) throw otherFunctions(principal);
}

function otherFunctions({ name, functions = [] }: Principal & { kind: "api" }): DomainError {
  const known = functions.slice(0, 10).join(", ") + (functions.length > 10 ? ", …" : "");
  return new DomainError("forbidden", `the token "${name}" may do this only for the functions ${known}`);
}

/**
 * Returns the filters of a bulk job, narrowed to a token's functions. What is asked for of others is refused: a job
 * must not do less than it was told to.
 * @throws DomainError `forbidden`
 */
export function ownFilters(principal: Principal, filters: Filters): Filters {
  if (!mayUseAll(principal, filters.functionIds)) {
    if (filters.functionIds?.length) throw otherFunctions(principal as Principal & { kind: "api" });
    return { ...filters, functionIds: narrowFunctions(principal, undefined) };
  }
  return filters;
}

/** Whether the caller's token is for all functions that filters name; no ids stand for every function. */
export function mayUseAll(principal: Principal, functionIds: readonly string[] | undefined): boolean {
  const functions = principal.kind === "api" ? principal.functions : undefined;
  if (functions === undefined) return true;
  const own = functions.map(functionId);
  return functionIds !== undefined && functionIds.length > 0 && functionIds.every((id) => own.includes(id));
}

/** @throws DomainError `forbidden` for a bulk job that acts on functions the token is not for */
export function requireJob(principal: Principal, { filters }: { filters: Filters }): void {
  if (principal.kind === "api" && !mayUseAll(principal, filters.functionIds)) throw otherFunctions(principal);
}

/** Whether the caller may see `execution` among others. */
export function mayReach(principal: Principal, execution: Execution): boolean {
  if (principal.kind === "execution") return !principal.isConfined || rootOf(execution) === principal.root;
  return isOfTheirs(principal, execution.id);
}

function isOfTheirs({ functions }: Principal & { kind: "api" }, id: ExecutionId): boolean {
  return functions?.some((name) => functionTag(functionId(name)) === tagOf(id)) ?? true;
}

/**
 * Returns `filters` narrowed to what the caller reaches: to a token's functions, to an execution's own children.
 * `undefined`: to nothing.
 */
export function narrow(principal: Principal, filters: Filters): Filters | undefined {
  if (principal.kind === "api") {
    const functionIds = narrowFunctions(principal, filters.functionIds);
    return functionIds?.length === 0 ? undefined : { ...filters, functionIds };
  }
  const { isConfined, executionId } = principal;
  if (!isConfined) return filters;
  return (filters.executedBy ?? executionId) === executionId ? { ...filters, executedBy: executionId } : undefined;
}

/** Returns the ids of the functions that a list shows, of those that are asked for. `undefined`: all; empty: none. */
export function narrowFunctions(
  principal: Principal,
  asked: readonly string[] | undefined,
): readonly string[] | undefined {
  const wanted = asked?.length ? asked : undefined;
  const functions = principal.kind === "api" ? principal.functions : undefined;
  if (functions === undefined) return wanted;
  const own = functions.map(functionId);
  return wanted?.filter((id) => own.includes(id)) ?? own;
}
