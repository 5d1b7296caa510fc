import { type Created, type Execution, firstWakePlace, type Parent, startLimits } from "../core/execution.ts";
import { lastTokenMs, tokenSeed } from "../core/execution-token.ts";
import type { DeployedFunction } from "../core/functions.ts";
import type { ExecutionId } from "../core/ids.ts";
import type { Payloads, SigningKeys } from "../core/ports.ts";
import { recheckAtMs } from "../core/transitions/recheck.ts";
import { type DispatchPorts, dispatchIfWaiting } from "./dispatch.ts";

/** Ports for accepting a new execution. */
export interface AcceptPorts extends DispatchPorts {
  payloads: Payloads;
  tokens: SigningKeys;
  /** Fresh random bytes. */
  randomBytes: (count: number) => Uint8Array;
}

/** Returns the fields that every new execution begins with. */
export async function newExecution(
  ports: { tokens: SigningKeys },
  deployed: DeployedFunction,
  {
    id,
    nowMs,
    scheduledAtMs = nowMs,
    discardAfterMs,
    parent,
    by,
  }: {
    id: ExecutionId;
    nowMs: number;
    scheduledAtMs?: number | undefined;
    discardAfterMs?: number | undefined;
    parent?: Parent | undefined;
    /** The caller's name, where neither parent nor schedule tell. */
    by?: string | undefined;
  },
): Promise<Omit<Created, "arguments">> {
  const [signingKey] = await ports.tokens.signingKeys();
  const lastMs = lastTokenMs(Math.max(scheduledAtMs, nowMs), deployed.retry, deployed.settings.maxDurationSeconds);
  const wait = {
    ...discardOf(deployed, { discardAfterMs, scheduledAtMs, nowMs }),
    recheckAtMs: recheckAtMs(scheduledAtMs, nowMs),
  };
  return {
    state: "created",
    id,
    functionName: deployed.name,
    functionId: deployed.id,
    version: 0,
    revision: 0,
    dispatches: 0,
    attempt: 1,
    createdAtMs: nowMs,
    attemptCreatedAtMs: nowMs,
    updatedAtMs: nowMs,
    scheduledAtMs,
    ...wait,
    ...firstWakePlace({ id, ...wait }),
    ...(deployed.settings.compute === "fargate" && { compute: "fargate" }),
    metadata: {},
    tokenSeed: tokenSeed(signingKey, id, lastMs, parent?.root),
    ...(parent && { executedBy: parent.id, root: parent.root }),
    ...(by !== undefined && parent === undefined && { createdBy: by }),
  };
}

// The caller's own limit counts more than the function's own timeout.
function discardOf(
  { startTimeoutSeconds }: DeployedFunction,
  {
    discardAfterMs,
    scheduledAtMs,
    nowMs,
  }: { discardAfterMs: number | undefined; scheduledAtMs: number; nowMs: number },
): Pick<Created, "discardAfterMs" | "startTimeoutMs"> {
  if (discardAfterMs !== undefined) return { discardAfterMs };
  return startTimeoutSeconds === undefined ? {} : startLimits(scheduledAtMs, startTimeoutSeconds * 1000, nowMs);
}

/** Stores a new execution of `deployed`, then sends it on its way. */
export async function accept(ports: DispatchPorts, deployed: DeployedFunction, execution: Created): Promise<Execution> {
  const kept = await writeNew(ports, execution);
  await dispatchIfWaiting(ports, kept, deployed);
  return kept;
}

/** Stores a new execution. Returns the one that is there, which another request may have written first. */
export async function writeNew({ executions }: DispatchPorts, execution: Created): Promise<Execution> {
  if ((await executions.create(execution)) === "created") return execution;
  const kept = await executions.get(execution.id);
  if (kept === undefined) throw new Error(`execution ${execution.id} exists and cannot be read`);
  return kept;
}
