import type { Created, Execution } from "../core/execution.ts";
import { extendedSeed, lastTokenMs } from "../core/execution-token.ts";
import type { DeployedFunction } from "../core/functions.ts";
import { ARGUMENTS_INLINE_BYTES } from "../core/limits.ts";
import { argumentsKey } from "../core/payload-keys.ts";
import type { Bound, Debounces, Lanes } from "../core/ports.ts";
import { next } from "../core/transitions.ts";
import type { AcceptPorts } from "./accept.ts";
import { dispatchIfWaiting, findFunction, recall } from "./dispatch.ts";
import { type EnqueueInput, newId, prepare } from "./enqueue.ts";
import { unpark } from "./lanes.ts";

export interface DebouncePorts extends AcceptPorts {
  debounces: Debounces;
  lanes: Lanes;
  /** Uniform in [0, 1). */
  random: () => number;
}

/** How calls of one key are brought together. */
export interface DebounceInput {
  key: string;
  delayMs: number;
  /** The execution is due no later than this after the first call. */
  maxDelayMs?: number | undefined;
}

/** `isNew`: no execution of the key was waiting. */
export interface Debounced {
  execution: Execution;
  isNew: boolean;
}

/**
 * A key without a record after this long belongs to a call that died: calls take 30 seconds at most, and two clocks may
 * be a minute apart.
 */
const ABANDONED_MS = 120_000;

/**
 * A key is kept this long after its execution is due, or half of that at least: it may wait in a queue, or be parked.
 */
const KEPT_MS = 30 * 86_400_000;

/** The longest wait before another try, where many calls come at once. */
const MAX_BACKOFF_MS = 500;

/**
 * Enqueues an execution that is due after a delay, or moves the one that waits for this function and key, with the
 * arguments and metadata of the last call. Of calls that come at once one makes the execution and the others move it.
 * Where the execution starts in that moment a new one is made.
 * @throws DomainError `bad_request` for a function that is not deployed
 */
export async function debounce(ports: DebouncePorts, input: EnqueueInput, how: DebounceInput): Promise<Debounced> {
  const deployed = findFunction(ports, input.functionName);
  const call: Call = { deployed, input, how, version: Buffer.from(ports.randomBytes(8)).toString("hex") };
  for (let tries = 0; ; tries++) {
    if (tries > 0) await ports.clock.sleep(ports.random() * Math.min(MAX_BACKOFF_MS, 10 * 2 ** tries));
    const bound = await ports.debounces.get(deployed.id, how.key);
    const known = bound && (await ports.executions.get(bound.executionId));
    const result =
      bound !== undefined && isUsable(known, bound, ports.clock.now())
        ? await (known === undefined ? create(ports, call, bound) : move(ports, call, bound, known))
        : await bindAndCreate(ports, call, bound);
    if (result !== undefined) return result;
  }
}

interface Call {
  deployed: DeployedFunction;
  input: EnqueueInput;
  how: DebounceInput;
  /** Names its arguments, where they are an object. */
  version: string;
}

// A record that is not there yet is about to be written, or its writer has died.
function isUsable(known: Execution | undefined, { createdAtMs }: Bound, nowMs: number): known is Created | undefined {
  return known === undefined ? nowMs < createdAtMs + ABANDONED_MS : known.state === "created" && known.attempt === 1;
}

async function bindAndCreate(ports: DebouncePorts, call: Call, previous: Bound | undefined) {
  const { id, nowMs } = newId(ports, call.deployed);
  const expiresAtMs = nowMs + call.how.delayMs + KEPT_MS;
  const bound = { executionId: id, createdAtMs: nowMs, expiresAtMs };
  const isBound = await ports.debounces.bind(call.deployed.id, call.how.key, bound, previous?.executionId);
  return isBound ? create(ports, call, bound) : undefined;
}

// The call that bound the key may have died before it wrote the record: any call writes it.
async function create(
  ports: DebouncePorts,
  { deployed, input, how, version }: Call,
  { executionId, createdAtMs }: Bound,
): Promise<Debounced | undefined> {
  const untilMs = how.maxDelayMs === undefined ? undefined : createdAtMs + how.maxDelayMs;
  const scheduledAtMs = Math.min(ports.clock.now() + how.delayMs, untilMs ?? Infinity);
  const debounced = { version, ...(untilMs !== undefined && { untilMs }) };
  const first = { id: executionId, nowMs: createdAtMs };
  const execution = await prepare(ports, deployed, { ...input, scheduledAtMs, debounced }, first);
  if ((await ports.executions.create(execution)) === "exists") {
    await expire(ports, execution);
    return undefined;
  }
  await dispatchIfWaiting(ports, execution, deployed);
  return { execution, isNew: true };
}

async function move(
  ports: DebouncePorts,
  { deployed, input, how, version }: Call,
  bound: Bound,
  waiting: Created,
): Promise<Debounced | undefined> {
  const nowMs = ports.clock.now();
  const { id, createdAtMs } = waiting;
  const untilMs = how.maxDelayMs === undefined ? undefined : createdAtMs + how.maxDelayMs;
  const debounced = { version, ...(untilMs !== undefined && { untilMs }) };
  const key = argumentsKey({ functionName: deployed.name, id, debounced });
  const lastMs = lastTokenMs(nowMs + how.delayMs, deployed.retry);
  const decision = next(
    waiting,
    {
      type: "debounce",
      scheduledAtMs: nowMs + how.delayMs,
      debounced,
      arguments: await ports.payloads.store(key, input.arguments, ARGUMENTS_INLINE_BYTES, "application/json"),
      metadata: input.metadata,
      discardAfterMs: input.discardAfterMs,
      startTimeoutMs: deployed.startTimeoutSeconds && deployed.startTimeoutSeconds * 1000,
      tokenSeed: extendedSeed(await ports.tokens.signingKeys(Infinity), waiting.tokenSeed, id, lastMs),
      by: input.by,
    },
    nowMs,
  );
  // Its state was looked at before.
  if (!("to" in decision)) return undefined;
  if ((await ports.executions.apply(decision)) === "lost") {
    await expire(ports, decision.to);
    return undefined;
  }
  const { to: execution } = decision;
  await dispatchIfWaiting(ports, execution, deployed);
  await recall(ports, waiting);
  await tidyUp(ports, { deployed, how, bound, waiting, execution });
  return { execution, isNew: false };
}

// The answer is success already: what fails here expires, or is stale.
async function tidyUp(
  ports: DebouncePorts,
  it: { deployed: DeployedFunction; how: DebounceInput; bound: Bound; waiting: Created; execution: Execution },
): Promise<void> {
  const { deployed, how, bound, waiting, execution } = it;
  try {
    await unpark(ports, waiting);
    if (bound.expiresAtMs < execution.scheduledAtMs + KEPT_MS / 2) {
      const longer = { ...bound, expiresAtMs: execution.scheduledAtMs + KEPT_MS };
      await ports.debounces.bind(deployed.id, how.key, longer, bound.executionId);
    }
  } catch (error) {
    ports.onDispatchError("debounced execution not tidied up", { executionId: execution.id }, error);
  }
  await expire(ports, waiting);
}

async function expire(ports: DebouncePorts, execution: Execution): Promise<void> {
  try {
    await ports.payloads.expire(execution.arguments, argumentsKey(execution), "application/json");
  } catch (error) {
    ports.onDispatchError("debounced execution not tidied up", { executionId: execution.id }, error);
  }
}
