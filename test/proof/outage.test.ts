import { expect, it } from "vitest";
import { calm, createSystem } from "./system.ts";

const MINUTE_MS = 60_000;

it.each(["importContacts", "oneByOne"])(
  "after an outage of ten hours all that waits for %s runs within minutes, though its queue is never seen empty",
  async (name) => {
    let isDown = true;
    const system = createSystem({
      ...calm(),
      mutate: (ports, role) => ({
        ...ports,
        dispatcher: { ...ports.dispatcher, backlog: async () => ({ waiting: 1, taken: 0 }) },
        ...(role === "run" &&
          isDown && {
            executions: { ...ports.executions, get: () => Promise.reject(new Error("cannot reach the table")) },
          }),
      }),
    });
    for (let count = 0; count < 5; count++) void system.enqueue(name, { ms: 1_000 });
    let putAside = 0;
    const { deadLettered } = system.queueOf(name);
    const push = deadLettered.push.bind(deadLettered);
    deadLettered.push = (...messages) => {
      putAside += messages.length;
      return push(...messages);
    };
    await system.wait(600 * MINUTE_MS);
    expect(putAside).toBeGreaterThan(5);
    expect([...system.records.values()].map(({ state }) => state)).toEqual(Array(5).fill("created"));

    isDown = false;
    await system.wait(8 * MINUTE_MS);
    expect([...system.records.values()].map(({ state }) => state)).toEqual(Array(5).fill("succeed"));
  },
);
