import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import type { ErrorResult } from "../core/attempt-error.ts";

/** Causes of causes are followed this deep: a chain may be a ring. */
const MAX_CAUSES = 5;

/** A line of a stack that is ours: of what calls the user's function. */
const OWN_FRAME = /\blambdas\/run\/child\.ts:|\bchild\.mjs:/;

/**
 * Whatever was thrown, as `{name, message, stack, cause?}`. Stacks speak of the user's files by their path in the
 * user's project (the folder that `bundle` lies in says nothing to anybody) and end where the user's code was called.
 */
export function errorResult(thrown: unknown, bundle: string, depth = 0): ErrorResult {
  const folder = dirname(bundle);
  const shorten = (stack: string) => {
    const lines = stack
      .replaceAll(`${pathToFileURL(folder)}/`, "")
      .replaceAll(`${folder}/`, "")
      .split("\n");
    const own = lines.findIndex((line) => OWN_FRAME.test(line));
    return lines.slice(0, own === -1 ? lines.length : own).join("\n");
  };
  const error = isErrorLike(thrown) ? thrown : withoutStack(describe(thrown));
  const name = text(error.name, "Error");
  const message = text(error.message, "");
  const result: ErrorResult = { name, message, stack: shorten(text(error.stack, `${name}: ${message}`)) };
  if (error.cause === undefined || depth === MAX_CAUSES) return result;
  return {
    ...result,
    cause: isErrorLike(error.cause) ? errorResult(error.cause, bundle, depth + 1) : describe(error.cause),
  };
}

// What is no error has no stack to tell; one made here would tell of ours.
function withoutStack(message: string): Pick<Error, "name" | "message" | "stack" | "cause"> {
  return { name: "Error", message };
}

function isErrorLike(value: unknown): value is Error {
  return (
    value instanceof Error || (typeof value === "object" && value !== null && "message" in value && "stack" in value)
  );
}

function text(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

// A thrown text is the message; anything else is shown as JSON where that works.
function describe(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return Object.prototype.toString.call(value);
  }
}
