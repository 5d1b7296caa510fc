import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { inspect } from "node:util";
import type { ErrorResult } from "../core/attempt-error.ts";

/** Causes of causes are followed this deep: a chain may be a ring. */
const MAX_DEPTH = 5;

/** How many errors of an `AggregateError` are described. */
const MAX_ERRORS = 10;

/** Characters of one text, and of all texts of one error together: it is kept in a record of at most 400 KB. */
const MAX_TEXT = 16 * 1024;
const MAX_TOTAL = 64 * 1024;

/** A line of a stack that is ours: of what calls the user's function. */
const OWN_FRAME = /\blambdas\/run\/child\.ts:|\bchild\.mjs:/;

/**
 * Describes whatever was thrown as `{name, message, stack, code?, cause?, errors?}`. Never throws, whatever getters,
 * proxies or values are met, and never returns more than a record can hold. Stacks name the user's files by their path
 * in the user's project (the folder that `bundle` lies in says nothing to anybody) and end where the user's code was
 * called.
 */
export function errorResult(thrown: unknown, bundle: string): ErrorResult {
  let left = MAX_TOTAL;
  const bounded = (value: string) => {
    const most = Math.max(0, Math.min(left, MAX_TEXT));
    const kept = value.length > most ? `${value.slice(0, most)}…` : value;
    left -= kept.length;
    return kept;
  };

  const describeError = (error: object, depth: number): ErrorResult => {
    const name = bounded(textOf(error, "name") || "Error");
    const message = bounded(textOf(error, "message"));
    const stack = bounded(withoutOwnFrames(textOf(error, "stack") || `${name}: ${message}`, dirname(bundle)));
    const result: ErrorResult = { name, message, stack };
    const code = read(error, "code");
    if (typeof code === "string") result.code = bounded(code);
    if (typeof code === "number" && Number.isFinite(code)) result.code = code;
    if (depth === MAX_DEPTH || left <= 0) return result;
    for (const one of firstOf(read(error, "errors"))) {
      if (left > 0) result.errors = [...(result.errors ?? []), describeValue(one, depth + 1)];
    }
    const cause = read(error, "cause");
    if (cause !== undefined) result.cause = isErrorLike(cause) ? describeValue(cause, depth + 1) : bounded(show(cause));
    return result;
  };

  const describeValue = (value: unknown, depth: number): ErrorResult => {
    // Nothing else has a stack; one made here would be of our own code.
    if (isErrorLike(value)) return describeError(value, depth);
    const message = bounded(show(value));
    return { name: "Error", message, stack: `Error: ${message}` };
  };

  return describeValue(thrown, 0);
}

function withoutOwnFrames(stack: string, folder: string): string {
  const lines = stack
    .replaceAll(`${pathToFileURL(folder)}/`, "")
    .replaceAll(`${folder}/`, "")
    .split("\n");
  const own = lines.findIndex((line) => OWN_FRAME.test(line));
  return lines.slice(0, own === -1 ? lines.length : own).join("\n");
}

function isErrorLike(value: unknown): value is object {
  try {
    if (typeof value !== "object" || value === null) return false;
    return value instanceof Error || ("message" in value && "stack" in value);
  } catch {
    return false;
  }
}

/** Reads a property that may be a getter, of what may be a proxy. */
export function read(object: object, property: string): unknown {
  try {
    return (object as Record<string, unknown>)[property];
  } catch {
    return undefined;
  }
}

function textOf(object: object, property: string): string {
  const value = read(object, property);
  return typeof value === "string" ? value : "";
}

function firstOf(value: unknown): unknown[] {
  try {
    return Array.isArray(value) ? value.slice(0, MAX_ERRORS) : [];
  } catch {
    return [];
  }
}

/** Shows a thrown value that is no error: a text as it is, an object as JSON where that works. */
function show(value: unknown): string {
  try {
    if (typeof value === "string") return value;
    if (typeof value === "bigint") return `${value}n`;
    if (typeof value !== "object" || value === null) return String(value);
    return JSON.stringify(value, asText) ?? inspect(value);
  } catch {
    return inspectSafely(value);
  }
}

// JSON has no word for these.
function asText(_: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  return typeof value === "number" && !Number.isFinite(value) ? String(value) : value;
}

function inspectSafely(value: unknown): string {
  try {
    return inspect(value, { customInspect: false, depth: 4, maxStringLength: MAX_TEXT });
  } catch {
    return "a value that cannot be described";
  }
}
