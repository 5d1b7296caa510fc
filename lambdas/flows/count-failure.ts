import type { ErrorResult } from "../core/attempt-error.ts";
import type { Execution } from "../core/execution.ts";
import { errorFingerprint } from "../core/failures/fingerprint.ts";
import { countedFailure } from "../core/failures/group.ts";
import type { FailureCounter } from "../core/ports.ts";
import type { DispatchPorts } from "./dispatch.ts";

export interface CountFailurePorts extends Pick<DispatchPorts, "onDispatchError"> {
  failureCounter: FailureCounter;
}

/**
 * Counts a failure that `execution`, as it is stored now, has ended or will be retried with. Never throws: what is not
 * counted changes nothing else.
 */
export async function countFailure(
  { failureCounter, onDispatchError }: CountFailurePorts,
  execution: Execution,
  error: ErrorResult,
): Promise<void> {
  const fingerprint = errorFingerprint(execution.functionId, error);
  // Another outcome of the same attempt was stored first, or an abort.
  if (execution.errorFingerprint !== fingerprint) return;
  try {
    await failureCounter.count(countedFailure(fingerprint, execution, error, execution.updatedAtMs));
  } catch (reason) {
    onDispatchError("failure not counted", { executionId: execution.id }, reason);
  }
}
