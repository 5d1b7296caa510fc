import { setTimeout as sleep } from "node:timers/promises";
import { ConnectionLost } from "../failures.ts";
import type { Call, GatewayRequest, GatewayResponse } from "../messages.ts";
import { splitBatch } from "./batches.ts";
import type { Draw } from "./dice.ts";
import { CALL_FAULTS, type FaultPlan } from "./plan.ts";
import { failureOf, throttlingOf } from "./refusals.ts";

/** Longer than the timeouts of the clients in the Lambdas. */
const HOLD_MS = 7_000;

type Next = (changed?: GatewayRequest) => Promise<GatewayResponse>;

interface Faulty {
  plan: FaultPlan;
  draw: Draw;
  /** Records an injected fault. */
  note: (what: string) => void;
}

/** Passes a call on, or injects the fault that the draw selects from the plan. */
export async function callWithFaults(
  { service, action }: Call,
  request: GatewayRequest,
  next: Next,
  { plan, draw, note }: Faulty,
): Promise<GatewayResponse> {
  const fault = chosen(plan, draw.random());
  if (fault === undefined) return next();
  const split = fault === "unprocessed" ? splitBatch(action, request, draw.random) : undefined;
  // Applies to batches only.
  if (fault === "unprocessed" && split === undefined) return next();
  const isLate = fault === "timedOut" && draw.random() < 0.5;
  note(fault === "timedOut" ? `timedOut ${isLate ? "after" : "before"} the effect` : fault);
  switch (fault) {
    case "throttled":
      throw throttlingOf(service, draw.random);
    case "failed":
      throw failureOf(service);
    case "cutBefore":
      throw new ConnectionLost();
    case "cutAfter":
      await ignored(next());
      throw new ConnectionLost();
    case "timedOut":
      if (isLate) await ignored(next());
      // Ends early when the caller gives up.
      await sleep(plan.holdMs ?? HOLD_MS, undefined, { signal: request.signal }).catch(() => {});
      throw new ConnectionLost();
    case "unprocessed":
      return split === undefined ? next() : split.complete(await next(split.request));
  }
}

/** Awaits an answer that the caller never receives, even a refusal. */
async function ignored(answer: Promise<GatewayResponse>): Promise<void> {
  await answer.catch(() => {});
}

function chosen(plan: FaultPlan, random: number): (typeof CALL_FAULTS)[number] | undefined {
  let left = random;
  return CALL_FAULTS.find((name) => {
    left -= plan[name] ?? 0;
    return left < 0;
  });
}
