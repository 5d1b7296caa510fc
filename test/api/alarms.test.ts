import { expect, it } from "vitest";
import { memoryApi } from "../support/api.ts";

it("tells the alarms that ring, the latest first", async () => {
  const api = memoryApi();
  const get = async () => (await api.call({ method: "GET", path: "/public/v2/alarms" })).json();
  expect(await get()).toEqual({ data: [] });
  api.ports.alarms.ringing = async () => [
    { id: "Late", reason: "Executions start late.", next: "See the dashboard.", sinceMs: 1_000 },
    { id: "LostWork", reason: "Work was lost.", next: "See the log.", sinceMs: 2_000 },
  ];
  expect(await get()).toEqual({
    data: [
      { name: "LostWork", reason: "Work was lost.", next_step: "See the log.", since: "1970-01-01T00:00:02.000Z" },
      {
        name: "Late",
        reason: "Executions start late.",
        next_step: "See the dashboard.",
        since: "1970-01-01T00:00:01.000Z",
      },
    ],
  });
});
