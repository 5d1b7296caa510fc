/** A line of a stack. */
export interface Frame {
  text: string;
  /** Whether it is of the user's own code: not of Node, nor of a package. */
  isOwn: boolean;
}

/** An error as the API answers it; what was thrown may be anything, so nothing about it is sure. */
export interface ThrownError {
  name: string;
  message: string;
  frames: Frame[];
  cause: ThrownError | undefined;
}

/** Reads the error of a failed execution. `undefined`: the text is something else. */
export function readError(text: string): ThrownError | undefined {
  try {
    return errorOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function errorOf(value: unknown, depth = 0): ThrownError | undefined {
  if (typeof value !== "object" || value === null || !("name" in value || "message" in value)) return undefined;
  const { name, message, stack, cause } = value as Record<string, unknown>;
  return {
    name: textOf(name),
    message: textOf(message),
    frames: framesOf(textOf(stack)),
    cause: depth < 10 ? errorOf(cause, depth + 1) : undefined,
  };
}

/** Returns the frames of a stack, without the message above them. */
function framesOf(stack: string): Frame[] {
  return stack
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line.startsWith("at "))
    .map((text) => ({ text, isOwn: !/node:|node_modules|<anonymous>/.test(text) }));
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : JSON.stringify(value);
}
