// A call that hangs must fail while the caller's own time (30 s at the gateway) still allows a retry.
export const defaults = {
  maxAttempts: 4,
  requestHandler: timeouts(6_000),
};

// Without `throwOnRequestTimeout` the SDK only writes a warning and waits on.
export function timeouts(requestTimeout: number) {
  return { connectionTimeout: 2_000, requestTimeout, throwOnRequestTimeout: true };
}
