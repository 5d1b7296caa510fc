import { checkedFetch } from "../../harness/openapi.ts";

/**
 * `@defer/client` in this process, loaded as in an app that has the two variables in its environment. Every answer it
 * gets is held against the contract.
 */
export async function loadClient(environment: { DEFER_ENDPOINT: string; DEFER_TOKEN: string }) {
  Object.assign(process.env, environment);
  globalThis.fetch = checkedFetch(environment.DEFER_ENDPOINT, globalThis.fetch);
  return { ...(await import("@defer/client")), ...(await import("@defer/client/next")) };
}

/** The name of the class of the error that `promise` is rejected with: the client does not export its classes. */
export async function errorClass(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
  } catch (error) {
    return (error as Error).constructor.name;
  }
  return "nothing was thrown";
}
