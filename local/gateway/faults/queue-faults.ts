import { jsonBody } from "../json-body.ts";
import type { Call, GatewayRequest, GatewayResponse } from "../messages.ts";
import type { Draw } from "./dice.ts";
import type { FaultPlan } from "./plan.ts";

/** The longest delay that SQS allows. */
const MAX_DELAY_SECONDS = 900;

const LATE_SECONDS = 3;

interface Faulty {
  plan: FaultPlan;
  draw: Draw;
  /** Records an injected fault. */
  note: (what: string) => void;
}

/** Returns whether a call sends to a standard queue, which may deliver late and twice. A FIFO queue does neither. */
export function sendsToStandardQueue({ service, action, resource }: Call): boolean {
  return service === "sqs" && /^SendMessage(Batch)?$/.test(action) && resource?.endsWith(".fifo") === false;
}

/**
 * Sends, sometimes later than requested, or with a copy: readers see a queue that delivers again after the message was
 * deleted (only the message id differs).
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
  // A failure of the copy does not affect the message.
  await next(delayed(sent, apartSeconds)).catch(() => {});
  return response;
}

/** Returns whether a call receives messages for a function, or extends a visibility timeout. */
export function hidesMessages({ service, action, caller }: Call): boolean {
  return service === "sqs" && /^(ReceiveMessage|ChangeMessageVisibility)$/.test(action) && caller.kind === "function";
}

/** Caps the visibility timeout of a request, in seconds. */
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
