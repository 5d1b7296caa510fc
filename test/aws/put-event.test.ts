import type { EventBridgeClient, PutEventsCommand, PutEventsCommandOutput } from "@aws-sdk/client-eventbridge";
import { describe, expect, it } from "vitest";
import { aCreated, inEveryState } from "../../harness/an-execution.ts";
import { putEventOn } from "../../lambdas/aws/put-event.ts";
import { presentExecution } from "../../lambdas/core/present-execution.ts";
import type { StateChange } from "../../lambdas/core/state-change.ts";
import type { Transition } from "../../lambdas/core/transitions/event.ts";
import { next } from "../../lambdas/core/transitions.ts";

const secret = aCreated({ arguments: { inline: '["secret"]' }, tokenSeed: "secret", metadata: { user: "7" } });
const start = next(secret, { type: "start", revision: 0, leaseMs: 1_000 }, 12_000) as Transition;

/** Returns what is put on a bus of a change, where EventBridge answers `answer`. */
async function put(
  change: StateChange,
  answer: Partial<PutEventsCommandOutput> = { FailedEntryCount: 0, Entries: [{ EventId: "1" }] },
) {
  const sent: PutEventsCommand[] = [];
  const send = async (command: PutEventsCommand) => {
    sent.push(command);
    return answer;
  };
  await putEventOn("bus", { send } as unknown as EventBridgeClient)(change);
  const [{ Detail = "", ...entry } = {}] = sent[0]?.input.Entries ?? [];
  return { ...entry, detail: JSON.parse(Detail) as unknown };
}

describe("the event of a change", () => {
  it("says who, from what and to what, and never arguments or tokens", async () => {
    const event = await put({ execution: start.to, previousState: "created" });
    expect(event).toEqual({
      EventBusName: "bus",
      Source: "epoque",
      DetailType: "Execution State Change",
      Time: new Date(12_000),
      detail: {
        id: secret.id,
        function_name: "importContacts",
        function_id: secret.functionId,
        state: "started",
        previous_state: "created",
        attempt: 1,
        revision: 0,
        version: 1,
        compute: "lambda",
        metadata: { user: "7" },
        created_at: "1970-01-01T00:00:01.000Z",
        updated_at: "1970-01-01T00:00:12.000Z",
        scheduled_at: "1970-01-01T00:00:10.000Z",
        started_at: "1970-01-01T00:00:12.000Z",
      },
    });
    expect(JSON.stringify(event)).not.toContain("secret");
  });

  it("has no previous state of a new execution", async () => {
    expect((await put({ execution: secret })).detail).not.toHaveProperty("previous_state");
  });

  const more = { scheduleName: "report", errorFingerprint: "0".repeat(32), executedBy: secret.id };

  it.each(inEveryState())("says all that the API says of an execution that is $state", async (bare) => {
    const execution = { ...bare, ...more };
    const { detail } = await put({ execution, previousState: "started" });
    expect(detail).toEqual({ ...presentExecution(execution), revision: 0, previous_state: "started" });
    expect(detail).toMatchObject({ schedule_name: "report", created_by: `execution:${secret.id}` });
  });

  it("is on the bus if it was given an id, and else it is not", async () => {
    const refused = put(
      { execution: secret },
      { FailedEntryCount: 1, Entries: [{ ErrorCode: "ThrottlingException", ErrorMessage: "Rate exceeded" }] },
    );
    await expect(refused).rejects.toThrow("EventBridge: ThrottlingException Rate exceeded");
  });
});
