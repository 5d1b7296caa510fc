// epoque/function: what a function's file imports. It has no dependencies, so that it adds nothing to a bundle.

/** Options of a function's file beside its default export: `export const config: FunctionConfig = { … }`. */
export interface FunctionConfig {
  /** Runs at most `limit` executions (1 to 100) at once for each value of the metadata key `per`. */
  concurrency?: { per: string; limit: number };

  /**
   * Starts at most `limit` executions in `periodSeconds`, and `burst` (default 1) of them at once; for each value of
   * the metadata key `per`, if it is given.
   */
  rateLimit?: { limit: number; periodSeconds: number; burst?: number; per?: string };

  /** The function of this deployment to call with `{ execution, error }` when an execution has not succeeded. */
  onFailure?: string;

  /** The function of this deployment to call with `{ execution }` when an execution has succeeded. */
  onSuccess?: string;

  /** An execution whose first attempt has not started this many seconds after it was due is discarded. */
  startTimeoutSeconds?: number;

  /**
   * Memory in MB: 256 to 10240, on Fargate to 122880. The share of a processor grows with it. The deployment's own
   * options override it.
   */
  memory?: number;

  /** Gives every attempt a new process, in which the module is loaded anew. */
  fresh?: boolean;

  /** Packages to install beside the bundle instead of bundling them. */
  external?: string[];

  /** Files to lay beside the bundle, relative to the project. */
  include?: string[];

  /**
   * Service that runs it. A function whose `maxDuration` is more than Lambda's 885 seconds runs on Fargate; `"fargate"`
   * asks for it at any length, for example for more memory.
   */
  compute?: "lambda" | "fargate";
}

/** Throw it when another attempt would be of no use: the execution fails at once. */
export class NonRetriableError extends Error {
  override readonly name = "NonRetriableError";
  readonly retryable = false;
}

/** Throw it to set the time of the next attempt: a Date, or seconds from now. `maxAttempts` still counts. */
export class RetryAfterError extends Error {
  override readonly name = "RetryAfterError";
  readonly retryAfter: Date | number;

  constructor(message: string, retryAfter: Date | number, options?: ErrorOptions) {
    super(message, options);
    this.retryAfter = retryAfter;
  }
}
