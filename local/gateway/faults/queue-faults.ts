import { jsonBody } from "../json-body.ts";
import type { Call, GatewayRequest, GatewayResponse } from "../messages.ts";
import type { Draw } from "./dice.ts";
import type { FaultPlan } from "./plan.ts";

/** SQS allows no longer delay. */
const MAX_DELAY_SECONDS = 900;

const LATE_SECONDS = 3;

interface Faulty {
  plan: FaultPlan;
  draw: Draw;
  /** Puts on record what happens. */
  note: (what: string) => void;
}

/** Whether a call sends to a queue that may deliver late and twice. A FIFO queue does neither. */
export function sendsToStandardQueue({ service, action, resource }: Call): boolean {
  return service === "sqs" && /^SendMessage(Batch)?$/.test(action) && resource?.endsWith(".fifo") === false;
}

/**
 * Sends, and now and then later than asked for, or a copy with it: what a queue that delivers once more after the
 * message was deleted looks like to its readers (only the message's own id differs).
 */
export async function sendWithFaults(
  request: GatewayRequest,
  next: (changed: GatewayRequest) => Promise<GatewayResponse>,
  { plan, draw, note }: Faulty,
): Promise<GatewayResponse> {
  const { late = 0, twice = 0, lateSeconds = LATE_SECONDS } = plan;
  const [isLate, isTwice] = [draw.random() < late, draw.random() < twice];
  const delaySeconds = 1 + Math.floor(draw.random() * lateSeconds);
  const apartSeconds = Math.floor(draw.random() * (lateSeconds + 1));
  if (isLate) note(`late by ${delaySeconds} s`);
  const sent = isLate ? delayed(request, delaySeconds) : request;
  const response = await next(sent);
  if (!isTwice || response.status !== 200) return response;
  note(`twice, ${apartSeconds} s apart`);
  // It does not hurt the one that was sent when its copy cannot be.
  await next(delayed(sent, apartSeconds)).catch(() => {});
  return response;
}

/** Whether a call takes messages for a function, or keeps one from others for longer. */
export function hidesMessages({ service, action, caller }: Call): boolean {
  return service === "sqs" && /^(ReceiveMessage|ChangeMessageVisibility)$/.test(action) && caller.kind === "function";
}

/** Hides messages for so many seconds at most. */
export function visibleAgain(request: GatewayRequest, seconds: number): GatewayRequest {
  const { VisibilityTimeout, ...parameters } = jsonBody(request) as { VisibilityTimeout?: number };
  const sooner = { ...parameters, VisibilityTimeout: Math.min(VisibilityTimeout ?? seconds, seconds) };
  return { ...request, body: Buffer.from(JSON.stringify(sooner)) };
}

function delayed(request: GatewayRequest, seconds: number): GatewayRequest {
  type Message = { DelaySeconds?: number };
  const { Entries, ...message } = jsonBody(request) as Message & { Entries?: Message[] };
  const later = <T extends Message>(it: T): T => ({
    ...it,
    DelaySeconds: Math.min((it.DelaySeconds ?? 0) + seconds, MAX_DELAY_SECONDS),
  });
  const changed = Entries === undefined ? later(message) : { ...message, Entries: Entries.map(later) };
  return { ...request, body: Buffer.from(JSON.stringify(changed)) };
}
