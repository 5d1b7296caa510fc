import { isRunning, type Running } from "../core/execution.ts";
import { LEASE_MS } from "../core/limits.ts";
import type { Clock, Executions } from "../core/ports.ts";
import { decide } from "./decide.ts";

/** How often a running attempt looks whether it is to stop. */
const EVERY_MS = 1_000;

/** A lease is renewed when a third of it is over: two more tries are left before it ends. */
const RENEW_BEFORE_MS = (LEASE_MS * 2) / 3;

export interface Watch {
  /** The attempt has ended: nothing is looked at any more. */
  signal: AbortSignal;
  /**
   * Called once, when the attempt is to stop. `aborted`: somebody asked for it. `lost`: its lease is over, or it is not
   * this worker's any more.
   */
  stop: (why: "aborted" | "lost") => void;
  /** Called with every renewal, for what else the worker holds as long as it lives. */
  onRenew: () => Promise<unknown>;
}

/** Looks every second whether `execution` still is to run, and says before the lease ends that its worker lives. */
export async function watch(
  ports: { executions: Executions; clock: Clock },
  execution: Running,
  { signal, stop, onRenew }: Watch,
): Promise<void> {
  for (let { leaseUntilMs } = execution; !signal.aborted; ) {
    await ports.clock.sleep(EVERY_MS);
    if (signal.aborted) return;
    try {
      const current = await ports.executions.get(execution.id);
      if (current === undefined || !isRunning(current) || current.attempt !== execution.attempt) return stop("lost");
      if (current.state === "aborting") return stop("aborted");
      ({ leaseUntilMs } = current);
      if (ports.clock.now() >= leaseUntilMs) return stop("lost");
      if (leaseUntilMs - ports.clock.now() > RENEW_BEFORE_MS) continue;
      const event = { type: "renew", attempt: execution.attempt, leaseMs: LEASE_MS } as const;
      const decision = await decide(ports, execution.id, event);
      // Refused since something has happened in between: the next look tells what.
      if (decision === undefined || "refused" in decision || !isRunning(decision.applied)) continue;
      leaseUntilMs = decision.applied.leaseUntilMs;
      await onRenew();
    } catch {
      // One look that fails is made up for by the next, as long as the lease lasts.
      if (ports.clock.now() >= leaseUntilMs) return stop("lost");
    }
  }
}
