import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { describe, it } from "vitest";
import type { BusEvent } from "../../local/services/event-buses.ts";
import { runCloud } from "./support/run-cloud.ts";

const resources = { Bus: { Type: "AWS::Events::EventBus", Properties: { Name: "events" } } };
const entry = (changes: object = {}) => ({
  EventBusName: "events",
  Source: "test",
  DetailType: "Something",
  Detail: '{"a":1}',
  Time: new Date(5_000),
  ...changes,
});

describe("an event bus", () => {
  it("accepts or refuses each event on its own", async ({ expect }) => {
    const events: BusEvent[] = [];
    await using it = await runCloud({ resources }, { onEvent: (event) => events.push(event) });
    const { gatewayEndpoint: endpoint, operator: credentials, region } = it.cloud;
    const client = new EventBridgeClient({ endpoint, region, credentials });
    const put = (...Entries: ReturnType<typeof entry>[]) => client.send(new PutEventsCommand({ Entries }));
    const { Entries, FailedEntryCount } = await put(entry(), entry({ Detail: "none" }));
    expect(FailedEntryCount).toBe(1);
    expect(Entries).toMatchObject([{ EventId: expect.any(String) as string }, { ErrorCode: "MalformedDetail" }]);
    expect(events).toEqual([
      { bus: "events", source: "test", "detail-type": "Something", time: "1970-01-01T00:00:05.000Z", detail: { a: 1 } },
    ]);
    // An event for a missing bus is lost silently.
    expect((await put(entry({ EventBusName: "other" }))).FailedEntryCount).toBe(0);
    await it.update({ resources: {} });
    await put(entry());
    expect(events).toHaveLength(1);
    await expect(client.send(new PutEventsCommand({ Entries: [] }))).rejects.toThrow("Entries");
  });
});
