import type { PutEvent } from "./put-event.ts";

/**
 * Returns what puts events on the EventBridge bus of this name; `undefined` without a bus. The SDK's client is loaded
 * with the first event: most deployments publish none.
 */
export function eventBus(name: string | undefined): PutEvent | undefined {
  if (name === undefined) return undefined;
  let putEvent: Promise<PutEvent> | undefined;
  return async (change) => {
    putEvent ??= import("./put-event.ts").then(({ putEventOn }) => putEventOn(name));
    await (await putEvent)(change);
  };
}
