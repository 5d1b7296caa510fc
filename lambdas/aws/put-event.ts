import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { defaults, timeouts } from "./client-settings.ts";

/** Puts one event on a bus. */
export type PutEvent = (atMs: number, detail: object) => Promise<void>;

/** An execution waits for its event to be out: when EventBridge does not answer, no longer than about two seconds. */
const WAIT_MS = 1_000;

/** On the bus of this name. @throws what EventBridge answers if it does not take the event */
export function putEventOn(EventBusName: string, client = eventBridgeClient()): PutEvent {
  return async (atMs, detail) => {
    const { Entries: [entry] = [] } = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName,
            Source: "epoque",
            DetailType: "Execution State Change",
            Time: new Date(atMs),
            Detail: JSON.stringify(detail),
          },
        ],
      }),
    );
    // PutEvents answers 200 also for an event that it did not take.
    if (entry?.EventId === undefined) throw new Error(`EventBridge: ${entry?.ErrorCode} ${entry?.ErrorMessage}`);
  };
}

function eventBridgeClient(): EventBridgeClient {
  const requestHandler = { ...timeouts(WAIT_MS), connectionTimeout: WAIT_MS };
  return new EventBridgeClient({ ...defaults, maxAttempts: 2, requestHandler });
}
