import type { Ports } from "../../../harness/simulation/conditions.ts";
import { type Created, type Execution, isRunning } from "../../../lambdas/core/execution.ts";
import { newExecutionId } from "../../../lambdas/core/ids.ts";
import { argumentsKey } from "../../../lambdas/core/payload-keys.ts";
import type { Transition } from "../../../lambdas/core/transitions/event.ts";
import { type Mutant, type Mutate, overwriting, withExecutions, withoutWrites } from "./mutant.ts";

/** `execution`, as if its worker never had to be heard of again. */
function withoutLease(execution: Execution): Execution {
  return "leaseUntilMs" in execution ? { ...execution, leaseUntilMs: Number.MAX_SAFE_INTEGER } : execution;
}

/** Each of the new executions that `isMeant` has another id each time. */
function drawn(isMeant: (fresh: Created) => boolean): Mutate {
  return (ports) => {
    const { executions, randomBytes } = ports;
    return withExecutions(ports, {
      async create(fresh) {
        const id = newExecutionId(fresh.createdAtMs, randomBytes(16), fresh.functionId);
        return executions.create(isMeant(fresh) ? { ...fresh, id } : fresh);
      },
    });
  };
}

/** `ports`, whose outcome of an attempt is stored by the next call after that of its execution. */
function storedLater(ports: Ports): Ports {
  const { attempts, executions, lanes } = ports;
  let left: Parameters<typeof attempts.record>[0] | undefined;
  const store = async () => {
    const attempt = left;
    left = undefined;
    if (attempt !== undefined) await attempts.record(attempt);
  };
  return {
    ...ports,
    attempts: {
      ...attempts,
      async record(attempt) {
        left = attempt;
        return "recorded";
      },
    },
    executions: {
      ...executions,
      async get(id) {
        await store();
        return executions.get(id);
      },
    },
    lanes: {
      ...lanes,
      async free(lane, slot) {
        await store();
        await lanes.free(lane, slot);
      },
    },
  };
}

const isClaim = ({ from, to }: Transition) => from.state === "created" && to.state === "started";
const isEnd = ({ from, to }: Transition) => "finishedAtMs" in to && !("finishedAtMs" in from);

/** Safeguards of the record of an execution, and of what is stored with it. */
export const executionMutants: readonly Mutant[] = [
  {
    name: "no revision check",
    scenario: "claim: of a message that is stale",
    plans: "changes beside starts",
    mutate: (ports, role, message) => {
      if (role !== "run" || message === undefined) return ports;
      const { executions } = ports;
      return withExecutions(ports, {
        async get(id) {
          const execution = await executions.get(id);
          return execution && { ...execution, revision: message.revision };
        },
      });
    },
  },
  {
    name: "no conditional claim",
    scenario: "claim, watch, finish: that succeeds",
    plans: "changes beside starts",
    mutate: (ports) => overwriting(ports, isClaim),
  },
  {
    name: "a creation that overwrites what is there",
    scenario: "tick: that is delivered twice",
    mutate: (ports) => {
      const { executions } = ports;
      return withExecutions(ports, {
        async create(fresh) {
          const current = executions.records.get(fresh.id);
          if (current === undefined) return executions.create(fresh);
          await executions.apply({ from: current, to: { ...fresh, version: current.version + 1 } });
          return "created";
        },
      });
    },
  },
  {
    name: "a worker that renews and ends what another has taken from it",
    scenario: "claim, watch, finish: that succeeds",
    mutate: (ports, role) => {
      if (role !== "run" && role !== "task") return ports;
      const { executions } = ports;
      const claimed = new Map<string, Execution>();
      return withExecutions(ports, {
        async get(id) {
          const [current, own] = [await executions.get(id), claimed.get(id)];
          if (current === undefined || own === undefined) return current;
          const isTaken = current.attempt !== own.attempt || !isRunning(current);
          return isTaken ? { ...own, leaseUntilMs: Number.MAX_SAFE_INTEGER, version: current.version } : current;
        },
        async apply(transition) {
          const { from, to } = transition;
          const result = await executions.apply(transition);
          if (result === "applied" && from.state === "created" && isRunning(to)) claimed.set(to.id, to);
          return result;
        },
      });
    },
  },
  {
    name: "an end of an attempt that is not conditional",
    scenario: "claim, watch, finish: that succeeds",
    mutate: (ports, role) =>
      role === "run" || role === "task" ? overwriting(ports, ({ from }) => from.state !== "created") : ports,
  },
  {
    name: "a change by a caller that is not conditional",
    plans: "changes beside starts",
    mutate: (ports, role) => (role === "api" ? overwriting(ports) : ports),
  },
  {
    name: "no lease",
    scenario: "claim, watch, finish: that succeeds",
    plans: "ordinary",
    mutate: (ports) => {
      const { executions } = ports;
      return withExecutions(ports, { apply: ({ from, to }) => executions.apply({ from, to: withoutLease(to) }) });
    },
  },
  {
    name: "a lease that is not renewed",
    scenario: "sweep: what runs, and whose lease is renewed, by an index that is behind",
    mutate: (ports) => withoutWrites(ports, ({ from, to }) => from.state === "started" && to.state === "started"),
  },
  {
    name: "an outcome that overwrites another one of its attempt",
    scenario: "claim, watch, finish: that succeeds",
    mutate: (ports) => {
      const { attempts } = ports;
      return {
        ...ports,
        attempts: {
          ...attempts,
          async record(attempt) {
            attempts.records.delete(`${attempt.executionId}.${attempt.number}`);
            return attempts.record(attempt);
          },
        },
      };
    },
  },
  {
    name: "an end that is stored before its outcome",
    scenario: "claim, watch, finish: that succeeds",
    mutate: storedLater,
  },
  {
    name: "arguments that expire before the end is stored",
    scenario: "finish: with large arguments, which begin to expire",
    mutate: (ports) => {
      const { executions, payloads } = ports;
      return withExecutions(ports, {
        async apply(transition) {
          const { to } = transition;
          if (isEnd(transition)) await payloads.expire(to.arguments, argumentsKey(to), "application/json");
          return executions.apply(transition);
        },
      });
    },
  },
  {
    name: "an idempotency key that is bound again",
    scenario: "enqueue: with an idempotency key, by a caller that tries again",
    mutate: (ports) => ({ ...ports, idempotencyKeys: { claim: async (_, request) => request } }),
  },
  {
    name: "a debounce key that is bound whoever was quicker",
    plans: "changes beside starts",
    mutate: (ports) => {
      const { debounces } = ports;
      return {
        ...ports,
        debounces: {
          ...debounces,
          async bind(functionId, key, bound) {
            const current = await debounces.get(functionId, key);
            return debounces.bind(functionId, key, bound, current?.executionId);
          },
        },
      };
    },
  },
  {
    name: "a tick of a cron expression whose execution has another id each time",
    scenario: "tick: that is delivered twice",
    mutate: drawn(({ createdBy }) => createdBy === "cron"),
  },
  {
    name: "a follow-up that has another id each time",
    scenario: "followUp: with a follow-up, of an execution that succeeds",
    mutate: drawn(({ followUpDepth }) => followUpDepth !== undefined),
  },
  {
    name: "a failure that is counted again, since the answer was lost",
    scenario: "finish: that counts a failure",
    mutate: (ports) => {
      const { failureCounter } = ports;
      return {
        ...ports,
        failureCounter: {
          ...failureCounter,
          async count(failure) {
            await failureCounter.count(failure);
            await failureCounter.count(failure);
          },
        },
      };
    },
  },
  {
    name: "a batch that tells of what it did not write",
    scenario: "enqueueBatch: of what is due now, in order, later, and with a key",
    mutate: (ports, role) => {
      if (role !== "api") return ports;
      const { executions } = ports;
      // One of them was throttled.
      return withExecutions(ports, { createMany: (fresh) => executions.createMany(fresh.slice(1)) });
    },
  },
  {
    name: "an end that is not announced",
    plans: "calm",
    mutate: (ports, role) =>
      role === "sweep" ? ports : { ...ports, dispatcher: { ...ports.dispatcher, announceEnd: async () => {} } },
  },
];
