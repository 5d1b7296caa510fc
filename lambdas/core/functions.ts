import type { FollowUps } from "./follow-ups.ts";
import type { RateLimit } from "./rate-limit.ts";
import type { RetryPolicy } from "./retry.ts";

/** A deployed function as the service sees it. */
export interface DeployedFunction {
  name: string;
  id: string;
  /** Its queue is FIFO: `concurrency: 1` runs in order of due time. */
  fifo: boolean;
  retry: RetryPolicy;
  /** `maxConcurrencyAction: "cancel"`: what becomes due while so many run is cancelled. */
  capacity?: number;
  /** At most `limit` run at once for each value of the metadata key `per`; the others are parked. */
  concurrency?: { per: string; limit: number };
  rateLimit?: RateLimit;
  followUps?: FollowUps;
  /** An execution whose first attempt has not started this long after its due time is discarded. */
  startTimeoutSeconds?: number;
  /** On Fargate: so many tasks run at once, unless lanes of another kind say how many. The others are parked. */
  tasks?: number;
  settings: FunctionSettings;
}

/** Place a function runs. */
export type Compute = "lambda" | "fargate";

/** Settings of a function, as the API shows them. */
export interface FunctionSettings {
  concurrency?: number;
  maxConcurrencyAction?: "keep" | "cancel";
  maxDurationSeconds: number;
  compute: Compute;
  /** Megabytes, unless the deployment's own options say otherwise. */
  memory: number;
  cron?: string;
  /** The file's own `config`. */
  config: Readonly<Record<string, unknown>>;
}

/** The deployed functions by name. */
export type FunctionCatalog = ReadonlyMap<string, DeployedFunction>;

/** The catalog of the deployed functions, as the build made it. */
export function functionCatalog(functions: readonly DeployedFunction[]): FunctionCatalog {
  return new Map(functions.map((deployed) => [deployed.name, deployed]));
}
