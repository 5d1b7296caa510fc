/** Kinds of errors of `@defer/client` 2.3.0, named like its classes. */
export type DeferErrorKind =
  | "ExecutionNotFound"
  | "ExecutionNotCancellable"
  | "ExecutionAbortingAlreadyInProgress"
  | "ExecutionNotReschedulable"
  | "ExecutionResultNotAvailable"
  | "ExecutionResultNotAvailableYet"
  | "ClientError"
  | "DeferError";

const MESSAGES: [RegExp, DeferErrorKind][] = [
  [/^backend responds with "\d+"/, "DeferError"],
  [/^(invalid endpoint url|cannot execute http request|cannot decode http response|unknown error): /, "ClientError"],
  [/^result is not available yet$/, "ExecutionResultNotAvailableYet"],
  [/^result is not available$/, "ExecutionResultNotAvailable"],
  [/^cannot resechedule execution/, "ExecutionNotReschedulable"],
  [/^cannot cancel execution/, "ExecutionNotCancellable"],
  [/^cannot find execution/, "ExecutionNotFound"],
  [/ being aborted already$/, "ExecutionAbortingAlreadyInProgress"],
];

/**
 * Tells which error of `@defer/client` this is, or `undefined` for any other. The client does not export its classes,
 * and a minified build shortens their names, so that only the messages are left to tell them apart.
 */
export function deferErrorKind(error: unknown): DeferErrorKind | undefined {
  if (!(error instanceof Error)) return undefined;
  return MESSAGES.find(([pattern]) => pattern.test(error.message))?.[1];
}
