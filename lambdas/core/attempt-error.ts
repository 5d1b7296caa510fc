import type { ErrorCode } from "./execution.ts";
import type { RetryRequest } from "./retry.ts";

/** An error as it is answered: the same shape whatever was thrown. */
export interface ErrorResult {
  name: string;
  message: string;
  stack: string;
  /** Code of the error itself, such as `ENOENT`. */
  code?: string | number;
  cause?: unknown;
  /** The first errors of an `AggregateError`. */
  errors?: ErrorResult[];
}

/** How an attempt ended, as the runner saw it. `result` is JSON text. */
export type Outcome = { state: "succeed"; result: string } | Unsuccessful;

/** An end that the function did not bring about by returning. */
export type Unsuccessful = Failure | { state: "aborted" };

export interface Failure {
  state: "failed";
  errorCode: ErrorCode;
  error: ErrorResult;
  /** Request of the thrown error about the next attempt. */
  retry?: RetryRequest | undefined;
}

/** How the user's process came to its end before the function did. */
export type ExitReason =
  | { reason: "aborted" }
  | { reason: "timeout"; seconds: number }
  /** The function's module was still loading. */
  | { reason: "loading"; seconds: number }
  | { reason: "out_of_memory" }
  /** Its worker could not renew its lease: somebody else may be about to end the attempt. */
  | { reason: "lost" }
  /** Its machine is taken away. */
  | { reason: "shutdown" }
  /** `uncaught`: what nobody caught, if that is why. */
  | { reason: "exit"; code: number; uncaught?: ErrorResult | undefined }
  | { reason: "signal"; signal: string };

/** Returns the outcome to record when the process, not the function, ended. */
export function outcomeOf(end: ExitReason): Unsuccessful {
  switch (end.reason) {
    case "aborted":
      return { state: "aborted" };
    case "timeout":
      return failure("ER0001", "TimeoutError", `ran longer than ${end.seconds} seconds, its maxDuration`);
    case "loading":
      return failure(
        "ER0001",
        "TimeoutError",
        `its module was still loading after ${end.seconds} seconds; do at call time what takes long`,
      );
    case "out_of_memory":
      return failure("ER0002", "OOMError", "ran out of memory");
    case "lost":
      return workerLost("its worker could not renew its lease in time");
    case "shutdown":
      return workerLost("its task was told to stop, and the time it has then is over");
    case "exit":
      return exitFailure(end.code, end.uncaught);
    case "signal":
      return failure("ER0003", "NonZeroExitCodeError", `the process was ended by ${end.signal}`);
  }
}

function exitFailure(code: number, uncaught: ErrorResult | undefined): Failure {
  const why = uncaught === undefined ? "" : `: nobody caught ${uncaught.name}: ${uncaught.message}`;
  const message = `the process exited with code ${code} before the function ended${why}`;
  const failed = failure("ER0003", "NonZeroExitCodeError", message);
  return uncaught === undefined ? failed : { ...failed, error: { ...failed.error, cause: uncaught } };
}

/** The failure of an attempt whose worker went silent, or away for the reason `why`. */
export function workerLost(why = "the worker stopped without a word"): Failure {
  return failure("ER0000", "WorkerLostError", `${why}: what the function did until then is not known`);
}

/** The failure of what could not be started, however often it was tried. */
export function notStarted(dispatches: number): Failure {
  return failure(
    "ER0000",
    "NotStartedError",
    `could not be started, although it was sent to its function ${dispatches + 1} times; look into the function's log and dead-letter queue`,
  );
}

/** The failure of what no task could be started for. */
export function notLaunched(launchError: string): Failure {
  return failure("ER0000", "NotStartedError", `no task could be started for it: ${launchError}`);
}

/** The failure of what was due while its function was not there. */
export function notDeployed(functionName: string): Failure {
  return failure(
    "ER0000",
    "FunctionNotDeployedError",
    `could not be started: since it was due the function "${functionName}" has not been deployed for four hours; was it renamed or removed?`,
  );
}

function failure(errorCode: ErrorCode, name: string, message: string): Failure {
  return { state: "failed", errorCode, error: { name, message, stack: `${name}: ${message}` } };
}
