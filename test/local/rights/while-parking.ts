import type { Interceptor } from "../../../local/gateway/messages.ts";

/** Lets something happen while a runner parks an execution, which no caller can time. */
export interface WhileParking {
  interceptor: Interceptor;
  /** Calls `act` when the next runner has seen the pause, before it writes that the execution is parked. */
  once(act: () => Promise<unknown>): void;
}

export function whileParking(): WhileParking {
  let next: (() => Promise<unknown>) | undefined;
  return {
    async interceptor({ action }, { body }, send) {
      if (action === "PutItem" && body.includes('"parking":')) {
        const act = next;
        next = undefined;
        await act?.();
      }
      return send();
    },
    once(act) {
      next = act;
    },
  };
}
