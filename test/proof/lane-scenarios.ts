import type { System } from "../../harness/simulation/system.ts";
import type { Created } from "../../lambdas/core/execution.ts";
import { cancel } from "../../lambdas/flows/cancel.ts";
import { pause, resume } from "../../lambdas/flows/pause.ts";
import { reschedule } from "../../lambdas/flows/reschedule.ts";
import type { Scenario } from "./crash-points.ts";
import { fourASecond, inOrder, MINUTE, perCustomer, plain, quick, SECOND, slow } from "./simulated-functions.ts";

const acme = { metadata: { customer: "acme" } };

/** Two of the lane run, and others are parked. */
const fullLane = (ms: number, parked: number) => async (system: System) => {
  for (const _ of [1, 2]) await system.enqueue(perCustomer, { ms }, acme);
  await system.time.sleep(SECOND);
  for (let count = 0; count < parked; count++) await system.enqueue(perCustomer, quick, acme);
  await system.time.sleep(SECOND);
};

export const lanes: Scenario[] = [
  {
    flows: ["claim"],
    name: "in a lane with free slots",
    in: "run",
    act: (system) => system.enqueue(perCustomer, slow, acme),
    ends: ["succeed"],
  },
  {
    flows: ["claim"],
    name: "in a lane that is full, and parked",
    in: "run",
    arrange: fullLane(2 * MINUTE, 0),
    act: (system) => system.enqueue(perCustomer, quick, acme),
    ends: ["succeed"],
  },
  {
    flows: ["claim", "finish"],
    name: "in a lane, while two others are parked",
    in: "run",
    arrange: fullLane(10 * SECOND, 2),
    act: (system) => system.time.sleep(MINUTE),
    ends: ["succeed"],
  },
  {
    flows: ["claim", "finish"],
    name: "in a lane, and hands its slot over",
    in: "run",
    async arrange(system) {
      await system.enqueue(perCustomer, { ms: 10 * SECOND }, acme);
      await system.time.sleep(SECOND);
    },
    async act(system) {
      await system.enqueue(perCustomer, { ms: 5 * SECOND }, acme);
      await system.time.sleep(SECOND);
      for (const _ of [1, 2]) await system.enqueue(perCustomer, quick, acme);
    },
    ends: ["succeed"],
  },
  {
    flows: ["cancel"],
    name: "of what is parked",
    in: "api",
    arrange: fullLane(2 * MINUTE, 1),
    async act(system) {
      const id = [...system.records.values()].find((it) => it.state === "created")?.id as Created["id"];
      const result = await system.api((ports) => cancel(ports, { executionId: id }, false));
      if ("returned" in result) system.history.endsAs.set(id, "cancelled");
    },
    ends: ["succeed", "cancelled"],
  },
  {
    flows: ["reschedule"],
    name: "of what is parked",
    in: "api",
    arrange: fullLane(2 * MINUTE, 1),
    async act(system) {
      const id = [...system.records.values()].find((it) => it.state === "created")?.id as Created["id"];
      const atMs = system.time.now() + 5 * MINUTE;
      const result = await system.api((ports) => reschedule(ports, { executionId: id }, atMs));
      if ("returned" in result) system.history.postponed.set(id, { toldAtMs: system.time.now(), scheduledAtMs: atMs });
    },
    ends: ["succeed"],
  },
  {
    flows: ["sweep"],
    name: "a lane whose workers were lost",
    in: "sweep",
    async arrange(system) {
      await fullLane(20 * SECOND, 2)(system);
      for (const process of system.living) process.kill();
      await system.time.sleep(2 * MINUTE);
    },
    ends: ["succeed"],
  },
  {
    flows: ["claim"],
    name: "while the function is paused, until it is resumed",
    in: "run",
    async arrange(system) {
      await system.api((ports) => pause(ports, plain));
    },
    async act(system) {
      for (const _ of [1, 2]) await system.enqueue(plain, quick);
      await system.time.sleep(5 * MINUTE);
      await system.api((ports) => resume(ports, plain));
    },
    ends: ["succeed"],
  },
  {
    flows: ["pause"],
    name: "of a function",
    in: "api",
    async act(system) {
      await system.api((ports) => pause(ports, plain));
      await system.enqueue(plain, quick);
      await system.time.sleep(MINUTE);
      await system.api((ports) => resume(ports, plain));
    },
    ends: ["succeed"],
  },
  {
    flows: ["resume"],
    name: "of a function, by a caller that tries again",
    in: "api",
    async arrange(system) {
      await system.api((ports) => pause(ports, inOrder));
      for (const _ of [1, 2, 3]) await system.enqueue(inOrder, quick);
      await system.time.sleep(10 * SECOND);
    },
    async act(system) {
      while (!("returned" in (await system.api((ports) => resume(ports, inOrder))))) await system.time.sleep(SECOND);
    },
    ends: ["succeed"],
  },
  {
    flows: ["claim"],
    name: "above the rate",
    in: "run",
    async arrange(system) {
      for (let count = 0; count < 5; count++) await system.enqueue(fourASecond, quick);
      await system.time.sleep(50);
    },
    act: (system) => system.enqueue(fourASecond, quick),
    ends: ["succeed"],
  },
];
