import { json } from "./errors.ts";
import { query } from "./pages.ts";
import type { Call } from "./transport.ts";

/** A deployed function, its settings, and, if asked for, its load. */
export interface DeployedFunction {
  name: string;
  id: string;
  concurrency?: number;
  max_concurrency_action?: "keep" | "cancel";
  retry: {
    max_attempts: number;
    initial_interval_seconds: number;
    multiplier: number;
    max_interval_seconds: number;
    randomization_factor: number;
  };
  max_duration_seconds: number;
  memory: number;
  cron?: string;
  config: Record<string, unknown>;
  compute: "lambda" | "fargate";
  paused: boolean;
  paused_at?: string;
  /** Name of the caller who paused it. */
  paused_by?: string;
  load?: {
    waiting: number;
    parked: number;
    parked_is_lower_bound: boolean;
    running: number;
    running_is_lower_bound: boolean;
  };
}

export function functions(call: Call) {
  const include = (load: boolean) => query({ include: load ? "load" : undefined });
  const path = (name: string, part = "") => `/functions/${encodeURIComponent(name)}${part}`;
  const set = async (name: string, part: string) => {
    const response = await call("POST", path(name, part), { isRepeatable: true });
    return ((await json(response)) as { data: DeployedFunction }).data;
  };
  return {
    async list({ load = false }: { load?: boolean } = {}): Promise<DeployedFunction[]> {
      return ((await json(await call("GET", `/functions${include(load)}`))) as { data: DeployedFunction[] }).data;
    },

    async get(name: string, { load = false }: { load?: boolean } = {}): Promise<DeployedFunction> {
      return ((await json(await call("GET", path(name, include(load))))) as { data: DeployedFunction }).data;
    },

    /** Lets nothing of it start, from ten seconds on; what runs goes on. */
    pause: (name: string) => set(name, "/pause"),

    resume: (name: string) => set(name, "/resume"),
  };
}
