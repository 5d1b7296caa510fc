import type { Created, Execution, Parent } from "../core/execution.ts";
import { type ExecutionReference, newExecutionId } from "../core/ids.ts";
import { ARGUMENTS_INLINE_BYTES } from "../core/limits.ts";
import { argumentsKey } from "../core/payload-keys.ts";
import { type AcceptPorts, accept, newExecution } from "./accept.ts";
import { findFunction } from "./dispatch.ts";
import { type FindPorts, find } from "./find.ts";

type RerunPorts = Pick<AcceptPorts, "functions" | "payloads" | "tokens">;

/** Input of a re-run that replaces the original's. */
export interface OtherInput {
  /** A JSON array. */
  arguments?: string | undefined;
  metadata?: Readonly<Record<string, string>> | undefined;
}

/**
 * Makes a new execution with the function, arguments and metadata of another one, as far as `other` does not say
 * otherwise; due now. The other one is left as it is.
 * @param by the caller's name
 * @throws DomainError `not_found`; `bad_request` if its function is not deployed any more
 */
export async function rerun(
  ports: AcceptPorts & FindPorts,
  reference: ExecutionReference,
  parent: Parent | undefined,
  other: OtherInput = {},
  by?: string,
): Promise<Execution> {
  const original = await find(ports, reference);
  const deployed = findFunction(ports, original.functionName);
  const nowMs = ports.clock.now();
  const id = newExecutionId(nowMs, ports.randomBytes(16), deployed.id);
  return accept(ports, deployed, await prepareRerun(ports, original, { ...other, id, nowMs, parent, by }));
}

/**
 * Returns the record of a re-run, ready to be written: its arguments are stored.
 * @throws DomainError `bad_request` if its function is not deployed any more
 */
export async function prepareRerun(
  ports: RerunPorts,
  original: Execution,
  { arguments: text, metadata = original.metadata, ...fresh }: OtherInput & Parameters<typeof newExecution>[2],
): Promise<Created> {
  const deployed = findFunction(ports, original.functionName);
  const key = argumentsKey({ functionName: deployed.name, id: fresh.id });
  return {
    ...(await newExecution(ports, deployed, fresh)),
    metadata,
    arguments:
      text === undefined
        ? await ports.payloads.copy(original.arguments, argumentsKey(original), key)
        : await ports.payloads.store(key, text, ARGUMENTS_INLINE_BYTES, "application/json"),
    rerunOf: original.id,
  };
}
