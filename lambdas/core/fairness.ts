import { createHash } from "node:crypto";
import type { Execution } from "./execution.ts";
import type { DeployedFunction } from "./functions.ts";

/** Characters of a group: SQS allows 128, without spaces. */
const GROUP_LENGTH = 32;

/**
 * Returns the group of an execution's messages, where its function has lanes or rates by a metadata key: a hash of the
 * value. SQS hands the groups of a standard queue out in turns, so that the backlog of one value delays no other.
 */
export function groupOf(
  { fifo, concurrency, rateLimit }: DeployedFunction,
  { metadata }: Pick<Execution, "metadata">,
): string | undefined {
  const per = concurrency?.per ?? rateLimit?.per;
  if (fifo || per === undefined) return undefined;
  return createHash("sha256")
    .update(`${per}=${metadata[per] ?? ""}`)
    .digest("hex")
    .slice(0, GROUP_LENGTH);
}
