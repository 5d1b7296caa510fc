import { expect, it } from "vitest";
import { calm } from "../../harness/simulation/conditions.ts";
import { createSystem } from "../../harness/simulation/system.ts";

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
  120_000,
);

it("a message that can never start holds up a FIFO queue for half an hour, and then for seconds at a time", async () => {
  let unreadable: string | undefined;
  const system = createSystem({
    ...calm(),
    mutate: (ports, role) => ({
      ...ports,
      ...(role === "run" && {
        executions: {
          ...ports.executions,
          get: (id) => (id === unreadable ? Promise.reject(new Error("unreadable")) : ports.executions.get(id)),
        },
      }),
    }),
  });
  let isEnqueued = false;
  system.time.at(system.time.now(), () => {
    void system.enqueue("oneByOne", { ms: 10 }, { scheduledAtMs: system.time.now() + MINUTE_MS }).then((id) => {
      unreadable = id;
      isEnqueued = true;
    });
  });
  await system.time.run(() => isEnqueued, system.time.now() + MINUTE_MS);
  const waitedMs: number[] = [];
  for (let count = 0; count < 60; count++) {
    void system.enqueue("oneByOne", { ms: 10 });
    await system.wait(4 * MINUTE_MS + 10_000);
  }
  for (const { id, beganAtMs } of system.history.begun) {
    waitedMs.push(beganAtMs - (system.records.get(id)?.createdAtMs ?? 0));
  }
  expect(waitedMs.length).toBe(60);
  expect(system.records.get(unreadable as never)?.state).toBe("created");
  // The sweep has sent it twice by then. The first one began before it.
  const held = waitedMs.filter((ms) => ms > MINUTE_MS / 2);
  expect(held.length).toBeGreaterThan(5);
  expect(held).toEqual(waitedMs.slice(1, 1 + held.length));
  expect(Math.max(...held)).toBeLessThan(40 * MINUTE_MS);
});
