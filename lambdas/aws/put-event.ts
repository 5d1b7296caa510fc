import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { presentExecution } from "../core/present-execution.ts";
import type { StateChange } from "../core/state-change.ts";
import { defaults, timeouts } from "./client-settings.ts";

/** Puts the event of a change on a bus. */
export type PutEvent = (change: StateChange) => Promise<void>;

/** An execution waits for its event to be out: when EventBridge does not answer, no longer than about two seconds. */
const WAIT_MS = 1_000;

/** On the bus of this name. @throws what EventBridge answers if it does not take the event */
export function putEventOn(EventBusName: string, client = eventBridgeClient()): PutEvent {
  return async (change) => {
    const { Entries: [entry] = [] } = await client.send(
      new PutEventsCommand({
        Entries: [
          {
            EventBusName,
            Source: "epoque",
            DetailType: "Execution State Change",
            Time: new Date(change.execution.updatedAtMs),
            Detail: JSON.stringify(detailOf(change)),
          },
        ],
      }),
    );
    // PutEvents answers 200 also for an event that it did not take.
    if (entry?.EventId === undefined) throw new Error(`EventBridge: ${entry?.ErrorCode} ${entry?.ErrorMessage}`);
  };
}

// As the API answers an execution, so never with arguments, results or tokens. docs/operations.md explains it.
function detailOf({ execution, previousState }: StateChange): object {
  return {
    ...presentExecution(execution),
    revision: execution.revision,
    ...(previousState !== undefined && { previous_state: previousState }),
  };
}

function eventBridgeClient(): EventBridgeClient {
  const requestHandler = { ...timeouts(WAIT_MS), connectionTimeout: WAIT_MS };
  return new EventBridgeClient({ ...defaults, maxAttempts: 2, requestHandler });
}
