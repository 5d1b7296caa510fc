import { expect, it } from "vitest";
import { LogStreams } from "../../local/services/log-streams.ts";

it("a log stream is read on from where the last read ended, however much of its beginning is gone", () => {
  let nowMs = 0;
  const streams = new LogStreams(() => nowMs++);
  expect(streams.read("group", "stream", 0)).toBeUndefined();
  for (let index = 0; index < 20_005; index++) streams.add("group", "stream", `${index}`);
  const first = streams.read("group", "stream", 20_003);
  expect(first).toEqual({
    events: [
      { timestamp: 20_003, message: "20003" },
      { timestamp: 20_004, message: "20004" },
    ],
    next: 20_005,
  });
  streams.add("group", "stream", "more");
  expect(streams.read("group", "stream", 20_005)?.events.map(({ message }) => message)).toEqual(["more"]);
  expect(streams.read("group", "stream", 0)?.events[0]?.message).toBe("6");
  for (let index = 0; index < 200; index++) streams.add("group", `other ${index}`, "x");
  expect(streams.read("group", "stream", 0)).toBeUndefined();
});
