import { type DeployedFunction, functionCatalog } from "../../lambdas/core/functions.ts";
import { functionId } from "../../lambdas/core/ids.ts";
import { jobKey } from "../../lambdas/core/jobs/key.ts";
import type { Alarms, Clock, Indexes, Launch, LiveLogs, Tasks } from "../../lambdas/core/ports.ts";
import { scheduleKey } from "../../lambdas/core/schedules/key.ts";
import type { TaskExit } from "../../lambdas/core/task-exit.ts";
import {
  memoryAttempts,
  memoryDebounces,
  memoryExecutions,
  memoryIdempotencyKeys,
  memoryPayloads,
} from "./memory-executions.ts";
import { memoryFailures } from "./memory-failures.ts";
import { memoryJobs, recordingJobMessages } from "./memory-jobs.ts";
import { memoryLanes, memoryPauses, memoryRates } from "./memory-lanes.ts";
import { memoryDeadLetters, recordingDispatcher, recordingTimer } from "./memory-queues.ts";
import { memorySchedules, recordingTicks } from "./memory-schedules.ts";
import { fixedTokens, memoryConsoleCodes, memoryNamedTokens } from "./memory-tokens.ts";

/** `indexes`, in which schedules and jobs are overdue as well. */
function withOthers(
  indexes: Indexes,
  { schedules }: ReturnType<typeof memorySchedules>,
  { jobs }: ReturnType<typeof memoryJobs>,
): Indexes {
  return {
    ...indexes,
    async *overdue({ shard, part }, nowMs) {
      yield* indexes.overdue({ shard, part }, nowMs);
      if (shard > 0 || part !== "timed") return;
      const overdue = [...schedules.values()].filter(({ recheckAtMs = Infinity }) => recheckAtMs <= nowMs);
      if (overdue.length > 0) yield overdue.map(({ name }) => scheduleKey(name));
      const late = [...jobs.values()].filter(({ recheckAtMs = Infinity }) => recheckAtMs <= nowMs);
      if (late.length > 0) yield late.map(({ id }) => jobKey(id));
    },
  };
}

/** A clock that stands still until it is slept on. */
export function steppedClock(startMs: number): Clock & { advance(ms: number): void } {
  let nowMs = startMs;
  return {
    now: () => nowMs,
    sleep: async (ms) => {
      nowMs += ms;
    },
    advance(ms) {
      nowMs += ms;
    },
  };
}

/** Tasks that are started and do nothing, until somebody says how they stopped. */
export function memoryTasks(): Tasks & { launches: Launch[]; stop(task: string, exit: TaskExit): void } {
  const launches: Launch[] = [];
  const byTask = new Map<string, Launch>();
  const stopped = new Map<string, TaskExit>();
  const arnOf = ({ executionId, revision, number }: Launch) => `task/${executionId}/${revision}/${number}`;
  return {
    launches,
    async run(launch) {
      const task = arnOf(launch);
      if (!byTask.has(task)) launches.push(launch);
      byTask.set(task, launch);
      return task;
    },
    async findStopped(task, launch) {
      const exit = stopped.get(task);
      if (!byTask.has(task)) return { task, launch, exit: { reason: "lost", why: "unknown" } };
      return exit && { task, launch, exit };
    },
    stop: (task, exit) => void stopped.set(task, exit),
  };
}

type WithoutRetry = Omit<DeployedFunction, "retry">;

const settings: DeployedFunction["settings"] = { maxDurationSeconds: 885, compute: "lambda", memory: 1024, config: {} };

/** The functions of {@link memoryPorts}. Made once: their ids take longer than all else of the ports. */
const deployed: readonly WithoutRetry[] = [
  { name: "importContacts", id: functionId("importContacts"), fifo: false, settings },
  { name: "oneByOne", id: functionId("oneByOne"), fifo: true, settings: { ...settings, concurrency: 1 } },
  { name: "twoAtMost", id: functionId("twoAtMost"), fifo: false, capacity: 2, settings },
  {
    name: "perCustomer",
    id: functionId("perCustomer"),
    fifo: false,
    settings,
    concurrency: { per: "customer", limit: 2 },
  },
  {
    name: "fourASecond",
    id: functionId("fourASecond"),
    fifo: false,
    settings,
    rateLimit: { limit: 4, periodSeconds: 1, burst: 2 },
  },
  {
    name: "followed",
    id: functionId("followed"),
    fifo: false,
    settings,
    followUps: { onFailure: "importContacts", onSuccess: "importContacts" },
  },
];

const onFargate: WithoutRetry = {
  name: "onFargate",
  id: functionId("onFargate"),
  fifo: false,
  settings: { maxDurationSeconds: 3_600, compute: "fargate", memory: 1024, config: {} },
  tasks: 2,
};

const twoInTen: WithoutRetry = {
  name: "twoInTen",
  id: functionId("twoInTen"),
  fifo: false,
  settings,
  rateLimit: { limit: 2, periodSeconds: 10, burst: 1, per: "customer" },
};

/** A function on Fargate, two tasks at once. `memoryPorts` do not have it deployed. */
export function deployedOnFargate({ retry }: Pick<DeployedFunction, "retry">): DeployedFunction {
  return { ...onFargate, retry };
}

/** A function of which two start in ten seconds, of each customer. `memoryPorts` do not have it deployed. */
export function deployedWithRatePer({ retry }: Pick<DeployedFunction, "retry">): DeployedFunction {
  return { ...twoInTen, retry };
}

/** Every port in memory, over functions such as `importContacts`, and `oneByOne` with a FIFO queue. */
export function memoryPorts(startMs = 10_000) {
  const retry = {
    maxAttempts: 0,
    initialIntervalSeconds: 30,
    multiplier: 1.5,
    maxIntervalSeconds: 600,
    randomizationFactor: 0.5,
  };
  const clock = steppedClock(startMs);
  const executions = memoryExecutions();
  const schedules = memorySchedules();
  const jobs = memoryJobs();
  const failures = memoryFailures();
  const problems: string[] = [];
  const dispatcher = recordingDispatcher();
  return {
    timer: recordingTimer(dispatcher.sent),
    /** Problems that were reported and changed nothing for the caller. */
    problems,
    onDispatchError: (problem: string) => problems.push(problem),
    debounces: memoryDebounces(),
    lanes: memoryLanes(),
    rates: memoryRates(),
    pauses: memoryPauses(clock),
    tasks: memoryTasks(),
    schedules,
    ticks: recordingTicks(),
    liveLogs: { read: async () => [] } as LiveLogs,
    failures,
    failureCounter: { count: failures.count },
    jobs,
    jobMessages: recordingJobMessages(),
    /** The retry policy of all functions. */
    retry,
    clock,
    executions,
    indexes: withOthers(executions.indexes, schedules, jobs),
    idempotencyKeys: memoryIdempotencyKeys(),
    attempts: memoryAttempts(),
    payloads: memoryPayloads(),
    dispatcher,
    deadLetters: memoryDeadLetters(),
    tokens: fixedTokens,
    alarms: { ringing: async () => [] } as Alarms,
    namedTokens: memoryNamedTokens(clock),
    functions: functionCatalog(deployed.map((it) => ({ ...it, retry }))),
    random: () => 0.5,
    executionTokens: "tree" as "tree" | "full",
    readOpenapi: () => "{}",
    readConsoleFile: (_name: string): Uint8Array | undefined => undefined,
    consoleCodes: memoryConsoleCodes(),
    randomBytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
  };
}
