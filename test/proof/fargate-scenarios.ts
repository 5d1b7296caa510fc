// Crash points of functions on Fargate: the launch of a task, the task itself, and what clears up behind it.

import type { System } from "../../harness/simulation/system.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import type { Created } from "../../lambdas/core/execution.ts";
import { cancel } from "../../lambdas/flows/cancel.ts";
import { pause, resume } from "../../lambdas/flows/pause.ts";
import { reschedule } from "../../lambdas/flows/reschedule.ts";
import type { Scenario } from "./crash-points.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;

const onFargate = "onFargate";
const quick: UserCode = { ms: 100 };
const slow: UserCode = { ms: 20 * SECOND };

const onlyId = (system: System) => [...system.records.keys()][0] as Created["id"];

/** Enqueues, and waits until its task is on its way. */
async function launched(system: System, code: UserCode = slow): Promise<void> {
  await system.enqueue(onFargate, code);
  await system.time.sleep(10 * SECOND);
}

/** The same, until its task runs it. */
async function running(system: System, code: UserCode = slow): Promise<void> {
  await launched(system, code);
  await system.time.sleep(55 * SECOND);
}

function killTasks(system: System): void {
  for (const process of system.living) if (process.role === "task") process.kill();
}

/** The first tasks stop before they begin. */
function failingStarts(count: number) {
  let left = count;
  return { taskStartMs: () => (left-- > 0 ? undefined : 30 * SECOND) };
}

const launches: Scenario[] = [
  {
    flows: ["launch"],
    name: "of what is due now",
    in: "launch",
    act: (system) => system.enqueue(onFargate, quick),
    ends: ["succeed"],
  },
  {
    flows: ["launch"],
    name: "whose message comes twice",
    in: "launch",
    async act(system) {
      const id = await system.enqueue(onFargate, slow);
      if (id === undefined) return;
      const { revision, scheduledAtMs } = system.records.get(id) as Created;
      for (const seconds of [0, 5, 61, 90]) {
        system.queueOf(onFargate).send({ executionId: id, revision, functionName: onFargate, scheduledAtMs }, seconds);
      }
    },
    ends: ["succeed"],
  },
  {
    flows: ["launch"],
    name: "of what is parked behind others",
    in: "launch",
    arrange: async (system) => {
      for (const _ of [1, 2]) await launched(system);
    },
    act: (system) => system.enqueue(onFargate, quick),
    ends: ["succeed"],
  },
  {
    flows: ["launch"],
    name: "too late",
    in: "launch",
    act: (system) => system.enqueue(onFargate, quick, { discardAfterMs: system.time.now() - 1 }),
    ends: ["discarded"],
  },
  {
    flows: ["launch"],
    name: "again, after a task that nobody heard the end of",
    in: "launch",
    conditions: () => ({ ...failingStarts(1), isEventLost: () => true }),
    arrange: (system) => launched(system),
    ends: ["succeed"],
  },
];

const tasks: Scenario[] = [
  ...(
    [
      ["in a task", quick, ["succeed"]],
      ["in a task, that renews its lease", slow, ["succeed"]],
      ["in a task, that fails and is retried", { ms: 100, failures: 1 }, ["succeed"]],
      ["in a task, with a large result", { ms: 100, bytes: 10_000 }, ["succeed"]],
    ] as const
  ).map(
    ([name, code, ends]): Scenario => ({
      flows: ["claim", "watch", "finish"],
      name,
      in: "task",
      act: (system) => system.enqueue(onFargate, code),
      ends,
    }),
  ),
  {
    flows: ["claim", "finish"],
    name: "in a task that goes on with what is parked",
    in: "task",
    act: async (system) => {
      for (const _ of [1, 2, 3, 4]) await system.enqueue(onFargate, slow);
    },
    ends: ["succeed"],
  },
  {
    flows: ["claim", "finish"],
    name: "in a task that begins with what was due before, and is parked",
    in: "task",
    async arrange(system) {
      for (const _ of [1, 2]) await launched(system, quick);
      await system.enqueue(onFargate, quick, { scheduledAtMs: system.time.now() - MINUTE });
    },
    ends: ["succeed"],
  },
  {
    flows: ["watch", "finish"],
    name: "in a task, that is aborted",
    in: "task",
    async act(system) {
      await running(system, { ms: 5 * MINUTE });
      await system.api((ports) => cancel(ports, { executionId: onlyId(system) }, true));
    },
    ends: ["aborted", "cancelled", "succeed"],
  },
  {
    flows: ["claim"],
    name: "in a task whose function was paused meanwhile",
    in: "task",
    async act(system) {
      await launched(system);
      await system.api((ports) => pause(ports, onFargate));
      await system.time.sleep(2 * MINUTE);
      await system.api((ports) => resume(ports, onFargate));
    },
    ends: ["succeed"],
  },
];

const stops: Scenario[] = [
  {
    flows: ["taskStopped"],
    name: "behind a task that came to its proper end",
    in: "launch",
    arrange: (system) => running(system),
    ends: ["succeed"],
  },
  {
    flows: ["taskStopped"],
    name: "behind a task that died in user code",
    in: "launch",
    arrange: (system) => running(system),
    act: async (system) => killTasks(system),
    ends: ["succeed"],
  },
  {
    flows: ["taskStopped"],
    name: "behind a task that died while it was to be aborted",
    in: "launch",
    arrange: (system) => running(system),
    async act(system) {
      await system.api((ports) => cancel(ports, { executionId: onlyId(system) }, true));
      killTasks(system);
    },
    ends: ["aborted"],
  },
  {
    flows: ["taskStopped"],
    name: "behind a task that died with what it had taken over",
    in: "launch",
    async arrange(system) {
      for (const _ of [1, 2, 3]) await launched(system);
      await system.time.sleep(60 * SECOND);
    },
    act: async (system) => killTasks(system),
    ends: ["succeed"],
  },
  {
    flows: ["taskStopped"],
    name: "behind tasks whose image cannot be loaded",
    in: "launch",
    conditions: () => failingStarts(2),
    arrange: (system) => launched(system),
    ends: ["succeed"],
  },
  {
    flows: ["taskStopped"],
    name: "behind a task that could not begin, once too often",
    in: "launch",
    conditions: () => failingStarts(1_000),
    arrange: (system) => launched(system),
    ends: ["failed"],
    check: ({ records }) =>
      [...records.values()].flatMap((it) =>
        it.state === "failed" && it.launchError === "no image" ? [] : [`it does not say why: ${JSON.stringify(it)}`],
      ),
  },
  {
    flows: ["taskStopped"],
    name: "behind a task that could not begin, and whose execution was postponed meanwhile",
    in: "launch",
    conditions: () => failingStarts(1),
    async arrange(system) {
      await launched(system);
      await system.api((ports) => reschedule(ports, { executionId: onlyId(system) }, system.time.now() + 5 * MINUTE));
    },
    ends: ["succeed"],
  },
  {
    flows: ["cancel"],
    name: "of what waits for its task",
    in: "api",
    arrange: (system) => launched(system),
    async act(system) {
      const result = await system.api((ports) => cancel(ports, { executionId: onlyId(system) }, false));
      if ("returned" in result) system.history.endsAs.set(onlyId(system), "cancelled");
    },
    ends: ["cancelled", "succeed"],
  },
  {
    flows: ["sweep"],
    name: "of what a task left that nobody heard the end of",
    in: "sweep",
    conditions: () => ({ isEventLost: () => true }),
    arrange: (system) => running(system),
    act: async (system) => killTasks(system),
    ends: ["succeed"],
  },
];

/** Crash points of functions on Fargate. */
export const fargate: readonly Scenario[] = [...launches, ...tasks, ...stops];
