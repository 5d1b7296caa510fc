import { createStore } from "../state/store.ts";

/** Whether the API answers; `sinceMs` is when it last did. */
export type Connection = { isUp: true } | { isUp: false; sinceMs: number };

export const connection = createStore<Connection>({ isUp: true });

let lastAnswerMs = Date.now();

/** `fetch` that keeps `connection` true: any answer is one, a failed request is none. */
export async function observedFetch(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    lastAnswerMs = Date.now();
    if (!connection.get().isUp) connection.set({ isUp: true });
    return response;
  } catch (error) {
    // A request that was cancelled says nothing.
    if (request.signal.aborted) throw error;
    if (connection.get().isUp) connection.set({ isUp: false, sinceMs: lastAnswerMs });
    throw new Error("The API does not answer.", { cause: error });
  }
}
