import { aCreated } from "../../harness/an-execution.ts";
import type { System } from "../../harness/simulation/system.ts";
import type { UserCode } from "../../harness/simulation/user-code.ts";
import type { Created } from "../../lambdas/core/execution.ts";
import { functionId, newExecutionId } from "../../lambdas/core/ids.ts";
import { cancel } from "../../lambdas/flows/cancel.ts";
import { messageOf } from "../../lambdas/flows/dispatch.ts";
import type { Scenario } from "./crash-points.ts";
import { inOrder, MINUTE, onlyId, plain, quick, SECOND, slow, twoAtMost } from "./simulated-functions.ts";

/** Puts an execution there as if it had been written long ago. */
async function given(system: System, changes: Partial<Created> = {}): Promise<void> {
  const functionName = changes.functionName ?? plain;
  const nowMs = system.time.now();
  const own = functionId(functionName);
  const id = newExecutionId(nowMs, new Uint8Array(16).fill(7), own);
  const times = { createdAtMs: nowMs, attemptCreatedAtMs: nowMs, scheduledAtMs: nowMs, recheckAtMs: nowMs };
  await system.executions.create(aCreated({ ...times, id, functionName, functionId: own, ...changes }));
}

/** Runs a function whose worker is killed before it ends. */
export const lostWorker = async (system: System, functionName: string, code: UserCode) => {
  await system.enqueue(functionName, code);
  await system.time.sleep(3 * SECOND);
  for (const process of system.living) process.kill();
  await system.time.sleep(MINUTE);
};

export const sweeps: Scenario[] = [
  { name: "a lost message", arrange: (system: System) => given(system), ends: ["succeed"] },
  {
    name: "what could not be sent",
    arrange: (system: System) => given(system, { undispatched: true }),
    ends: ["succeed"],
  },
  {
    name: "what nobody may start any more",
    arrange: (system: System) => given(system, { discardAfterMs: system.time.now() }),
    ends: ["discarded"],
  },
  { name: "what was sent too often", arrange: (system: System) => given(system, { dispatches: 8 }), ends: ["failed"] },
  {
    name: "what waits behind others",
    async arrange(system: System) {
      await given(system, { functionName: inOrder });
      await system.enqueue(inOrder, { ms: 2 * MINUTE });
      await system.enqueue(inOrder, quick);
      await system.time.sleep(5 * SECOND);
    },
    ends: ["succeed"],
  },
  {
    name: "what its queue has put aside",
    async arrange(system: System) {
      await given(system, { functionName: inOrder, recheckAtMs: system.time.now() + 360 * MINUTE });
      const [execution] = system.records.values();
      if (execution !== undefined) system.queueOf(inOrder).deadLettered.push(messageOf(execution));
    },
    ends: ["succeed"],
    check: ({ records }: System) =>
      [...records.values()].flatMap(({ createdAtMs, updatedAtMs }) =>
        updatedAtMs < createdAtMs + 60 * MINUTE ? [] : ["it is not sent again before its record says so"],
      ),
  },
  {
    name: "what has waited for days",
    async arrange(system: System) {
      await given(system, { functionName: inOrder, waits: 6 });
      await system.enqueue(inOrder, { ms: 2 * MINUTE });
      await system.enqueue(inOrder, quick);
      await system.time.sleep(5 * SECOND);
    },
    ends: ["succeed"],
  },
  {
    name: "what runs, and whose lease is renewed, by an index that is behind",
    conditions: () => ({ indexLagMs: () => 10 * SECOND }),
    act: (system: System) => system.enqueue(plain, { ms: 3 * MINUTE }),
    ends: ["succeed"],
    check: ({ records }: System) =>
      [...records.values()].flatMap(({ id, attempt }) => (attempt === 1 ? [] : [`${id} was taken for dead`])),
  },
  { name: "a lost worker", arrange: (system: System) => lostWorker(system, plain, slow), ends: ["succeed"] },
  {
    name: "a lost worker with a slot",
    arrange: (system: System) => lostWorker(system, twoAtMost, slow),
    ends: ["succeed"],
  },
  {
    name: "a lost worker of a queue in order",
    arrange: (system: System) => lostWorker(system, inOrder, slow),
    ends: ["succeed"],
  },
  {
    name: "a lost worker that was to stop",
    async arrange(system: System) {
      await system.enqueue(plain, slow);
      await system.time.sleep(3 * SECOND);
      for (const process of system.living) process.kill();
      await system.api((ports) => cancel(ports, { executionId: onlyId(system) }, true));
      await system.time.sleep(MINUTE);
    },
    ends: ["aborted"],
  },
  {
    name: "a worker that was lost between its two last writes",
    async arrange(system: System) {
      await system.enqueue(plain, { ms: 100, bytes: 6_000 });
      while (system.attempts.size === 0) await system.time.sleep(1);
      for (const process of system.living) process.kill();
      await system.time.sleep(MINUTE);
    },
    ends: ["succeed"],
  },
  {
    name: "what belongs to a function that is not deployed",
    async arrange(system: System) {
      await given(system);
      const deployed = system.functions.get(plain);
      system.functions.delete(plain);
      system.time.at(system.time.now() + 20 * MINUTE, () => deployed && system.functions.set(plain, deployed));
    },
    ends: ["succeed"],
  },
  {
    name: "what belongs to a function that was not deployed for too long",
    async arrange(system: System) {
      await given(system, { misses: 8 });
      system.functions.delete(plain);
    },
    ends: ["failed"],
  },
].map((it) => ({ flows: ["sweep"], in: "sweep" as const, ...it }));
