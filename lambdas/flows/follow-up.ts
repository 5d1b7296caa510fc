import { DomainError } from "../core/errors.ts";
import { type Execution, rootOf } from "../core/execution.ts";
import { type FollowUpMessage, followUpOf, MAX_FOLLOW_UP_DEPTH } from "../core/follow-ups.ts";
import { type ExecutionId, followUpExecutionId } from "../core/ids.ts";
import { ARGUMENTS_INLINE_BYTES } from "../core/limits.ts";
import { argumentsKey, attemptKeys } from "../core/payload-keys.ts";
import type { Attempts, Payloads, SigningKeys } from "../core/ports.ts";
import { presentExecution } from "../core/present-execution.ts";
import { accept, newExecution } from "./accept.ts";
import { followUpsOf } from "./announce-end.ts";
import { decide } from "./decide.ts";
import type { DispatchPorts } from "./dispatch.ts";
import { findResult } from "./find-result.ts";

export interface FollowUpPorts extends DispatchPorts {
  attempts: Attempts;
  payloads: Payloads;
  tokens: SigningKeys;
}

/** `held`: the message comes again. `refused`: there will be no follow-up, though one was asked for. */
export type FollowedUp =
  | { made: { executionId: ExecutionId; functionName: string } }
  | { held: true }
  | { dropped: "unknown" | "stale" | "not_ended" | "not_asked" }
  | { refused: "depth" | "not_deployed" };

/** The message goes before the write that it announces, and may be faster: it comes again so often, each second. */
const MAX_LOOKS = 5;
const LOOK_AGAIN_SECONDS = 1;

/**
 * Makes the follow-up of an execution that has ended, once: its id is derived from that execution. Acts on what the
 * record says: a message may be forged, doubled, early or of an attempt that was retried.
 */
export async function followUp(ports: FollowUpPorts, message: FollowUpMessage): Promise<FollowedUp> {
  const ended = await ports.executions.get(message.executionId);
  if (ended === undefined) return { dropped: "unknown" };
  if (!("finishedAtMs" in ended)) {
    if (ended.attempt !== message.attempt) return { dropped: "stale" };
    // The sweep announces it again, if it ends later.
    if (message.looks >= MAX_LOOKS) return { dropped: "not_ended" };
    await ports.dispatcher.announceEnd({ ...message, looks: message.looks + 1 }, LOOK_AGAIN_SECONDS);
    return { held: true };
  }
  if (ended.followUpAtMs === undefined) return { dropped: "stale" };
  const result = await make(ports, ended);
  await decide(ports, ended.id, { type: "followed" });
  return result;
}

async function make(ports: FollowUpPorts, ended: Execution & { finishedAtMs: number }): Promise<FollowedUp> {
  const name = followUpOf(followUpsOf(ports, ended.functionName), ended.state);
  if (name === undefined) return { dropped: "not_asked" };
  const deployed = ports.functions.get(name);
  if (deployed === undefined) return { refused: "not_deployed" };
  const followUpDepth = (ended.followUpDepth ?? 0) + 1;
  if (followUpDepth > MAX_FOLLOW_UP_DEPTH) return { refused: "depth" };
  const id = followUpExecutionId(ended, deployed.id);
  const error = await errorOf(ports, ended);
  const text = JSON.stringify([{ execution: presentExecution(ended), ...(error !== undefined && { error }) }]);
  const key = argumentsKey({ functionName: name, id });
  const parent = { id: ended.id, root: rootOf(ended) };
  await accept(ports, deployed, {
    ...(await newExecution(ports, deployed, { id, nowMs: ports.clock.now(), parent })),
    arguments: await ports.payloads.store(key, text, ARGUMENTS_INLINE_BYTES, "application/json"),
    followUpDepth,
  });
  return { made: { executionId: id, functionName: name } };
}

async function errorOf(ports: FollowUpPorts, ended: Execution): Promise<unknown> {
  if (ended.state !== "failed") return undefined;
  try {
    return JSON.parse(await ports.payloads.read(await findResult(ports, ended), attemptKeys(ended).result)) as unknown;
  } catch (error) {
    // After its retention: the follow-up of an outage of weeks is made without it.
    if (error instanceof DomainError && error.kind === "not_found") return undefined;
    throw error;
  }
}
