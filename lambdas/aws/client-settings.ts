// The local cloud sets it, and emulators.
// biome-ignore lint/style/noProcessEnv: it is the SDK's own variable, which it would read for each client
const { AWS_ENDPOINT_URL: endpoint } = process.env;

/**
 * Settings that the SDK would look for at each start, in variables and files that none of our Lambdas has: see
 * docs/decisions/0077.
 */
const known = {
  retryMode: "standard",
  useDualstackEndpoint: false,
  useFipsEndpoint: false,
  authSchemePreference: [],
  userAgentAppId: () => Promise.resolve(undefined),
  ignoreConfiguredEndpointUrls: true,
  ...(endpoint !== undefined && { endpoint }),
};

// A call that hangs must fail while the caller's own time (30 s at the gateway) still allows a retry.
export const defaults = {
  ...known,
  maxAttempts: 4,
  requestHandler: timeouts(6_000),
};

// Without `throwOnRequestTimeout` the SDK only writes a warning and waits on.
export function timeouts(requestTimeout: number) {
  return { connectionTimeout: 2_000, requestTimeout, throwOnRequestTimeout: true };
}
