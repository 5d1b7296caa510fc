import { type Execution, wakeAtMs } from "../../lambdas/core/execution.ts";
import type { FollowUpMessage } from "../../lambdas/core/follow-ups.ts";
import { functionCatalog } from "../../lambdas/core/functions.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { isPauseLane } from "../../lambdas/core/lanes.ts";
import { argumentsKey } from "../../lambdas/core/payload-keys.ts";
import type { DueMessage, Executions, JobMessage, Launch, StoppedTask, TickMessage } from "../../lambdas/core/ports.ts";
import { expiringArguments } from "../../lambdas/decorators/expiring-arguments.ts";
import { lastingAttempts } from "../../lambdas/decorators/lasting-attempts.ts";
import { sendOn } from "../../lambdas/flows/dispatch.ts";
import { type EnqueueInput, enqueue } from "../../lambdas/flows/enqueue.ts";
import { followUp } from "../../lambdas/flows/follow-up.ts";
import { launch } from "../../lambdas/flows/launch.ts";
import { makeTicks } from "../../lambdas/flows/make-ticks.ts";
import { sweep } from "../../lambdas/flows/sweep.ts";
import { taskStopped } from "../../lambdas/flows/task-stopped.ts";
import { type Tick, tick } from "../../lambdas/flows/tick.ts";
import { workJob } from "../../lambdas/flows/work-job.ts";
import { laneWork } from "../../lambdas/run/lane-work.ts";
import { type RunPorts, runDue } from "../../lambdas/run/run-due.ts";
import { deployedOnFargate, deployedWithRatePer, memoryPorts } from "../memory/memory-ports.ts";
import { agingPauses } from "./aging-pauses.ts";
import { type Conditions, calm, type Ports } from "./conditions.ts";
import { newHistory, noting, notingSchedules, watchStale } from "./history.ts";
import { laggingIndex } from "./lagging-index.ts";
import { connect, type Role, type SimulatedProcess, simulatedProcess } from "./simulated-process.ts";
import { type SimulatedQueue, simulatedQueue } from "./simulated-queue.ts";
import { simulatedTasks } from "./simulated-tasks.ts";
import { simulatedTime } from "./simulated-time.ts";
import { runUserCode, type UserCode } from "./user-code.ts";

type Message = DueMessage | Tick | TickMessage | JobMessage | FollowUpMessage | StoppedTask;

export type System = ReturnType<typeof createSystem>;

/** When every simulation begins. */
export const START_MS = 1_800_000_000_000;
const MINUTE_MS = 60_000;

/** Workers release what they held, or were handed too late, within this: long before the lease ends. */
const GIVEN_BACK_MS = 10_000;

const INVOCATION_MS = 900_000;

/** Timeout of the API's Lambda. */
const API_TIMEOUT_MS = 30_000;
/** The retries of every function: enough for any single crash. */
const RETRIES = 2;

/** All of the service over ports in memory: queues, timer, Lambdas and sweep, on a simulated time. */
export function createSystem(conditions: Conditions = calm()) {
  const { random, network, disorder } = conditions;
  const time = simulatedTime(START_MS);
  const history = newHistory();
  const base = memoryPorts(START_MS);
  Object.assign(base.retry, { maxAttempts: RETRIES, initialIntervalSeconds: 10, multiplier: 1 });
  const functions = new Map(
    functionCatalog([...base.functions.values(), deployedOnFargate(base), deployedWithRatePer(base)]),
  );
  const index = laggingIndex(base, time, conditions.indexLagMs);
  const pauses = agingPauses(base.pauses, time.now, conditions.pauseAgeMs);
  const executions = noting(base.executions, history, (execution) => {
    index.update(execution);
    noteDebounced(execution);
  });
  const schedules = notingSchedules(base.schedules, history, time.now);
  const queues = new Map<string, SimulatedQueue<Message>>();
  const timers = new Map<string, DueMessage | TickMessage>();
  const living = new Set<SimulatedProcess>();
  const tasks = simulatedTasks(time, history, conditions, {
    begin: (task, launched) => void beginTask(task, launched),
    onStopped: (stopped) => queueOf(STOPPED).send(stopped, 0),
  });
  let isSweeping = true;

  const queueOf = (name: string): SimulatedQueue<Message> => {
    const known = queues.get(name);
    if (known !== undefined) return known;
    const fifo = functions.get(name)?.fifo ?? false;
    const isOnFargate = functions.get(name)?.tasks !== undefined;
    const handleOf = new Map([
      [FIRE, handleFire],
      [TICKS, handleFire],
      [BULK, handleBulk],
      [STOPPED, handleStopped],
    ]);
    const handle = handleOf.get(name) ?? (isOnFargate ? handleLaunch : handleDue);
    const queue = simulatedQueue<Message>({ time, disorder, fifo, handle });
    queues.set(name, queue);
    return queue;
  };

  const ports: Ports = {
    ...base,
    functions,
    executions: executions as Ports["executions"],
    schedules,
    pauses,
    attempts: {
      ...base.attempts,
      async record(attempt) {
        const result = await base.attempts.record(attempt);
        const { executionId, number } = attempt;
        const recordings = history.recorded.get(`${executionId}.${number}`) ?? 0;
        if (result === "recorded") history.recorded.set(`${executionId}.${number}`, recordings + 1);
        return result;
      },
    },
    lanes: {
      ...base.lanes,
      async park(lane, message) {
        const { executionId: id, functionName } = message;
        if (isPauseLane(lane)) history.parkedInPause.push({ id, functionName, atMs: time.now() });
        await base.lanes.park(lane, message);
      },
    },
    payloads: {
      ...base.payloads,
      async expire(payload, key, contentType) {
        if ("bytes" in payload) noteExpiry(key);
        await base.payloads.expire(payload, key, contentType);
      },
    },
    indexes: { ...base.indexes, overdue: index.overdue },
    random: () => random.next(),
    randomBytes: (count) => random.bytes(count) as ReturnType<Ports["randomBytes"]>,
    dispatcher: {
      ...base.dispatcher,
      toFunction: async (due, { delaySeconds }) => queueOf(due.functionName).send(due, delaySeconds),
      toFire: async (due, delaySeconds) => queueOf(FIRE).send(due, delaySeconds),
      async sendMany(addressed) {
        for (const { to, message: due, delaySeconds } of addressed) {
          queueOf(to === "fire" ? FIRE : due.functionName).send(due, delaySeconds);
        }
        return new Map();
      },
      announceEnd: async (end, delaySeconds) => queueOf(FIRE).send(end, delaySeconds),
      backlog: async (name) => queueOf(name).backlog(),
    },
    deadLetters: {
      ...base.deadLetters,
      async *read() {
        for (const { deadLettered } of queues.values()) {
          const letters = deadLettered.filter((it) => "scheduledAtMs" in it);
          if (letters.length > 0) yield letters.map((letter) => ({ message: letter, receipt: "" }));
        }
      },
      async remove({ message }) {
        for (const { deadLettered } of queues.values()) {
          const at = deadLettered.indexOf(message);
          if (at >= 0) deadLettered.splice(at, 1);
        }
      },
    },
    ticks: {
      ...base.ticks,
      send: async (tick, delaySeconds) => queueOf(TICKS).send(tick, delaySeconds),
      sendAt: async (tick, atMs) => setTimer(nameOfTick(tick), TICKS, tick, atMs),
      takeBack: async (tick) => void timers.delete(nameOfTick(tick)),
    },
    jobMessages: {
      ...base.jobMessages,
      send: async (message, delaySeconds) => queueOf(BULK).send(message, delaySeconds),
    },
    tasks: {
      ...base.tasks,
      run: async (launched) => tasks.run(launched),
      findStopped: async (task) => tasks.findStopped(task),
    },
    timer: {
      ...base.timer,
      set: async (due, atMs) => setTimer(`${due.executionId}-${due.revision}`, FIRE, due, atMs),
      clear: async (id, revision) => void timers.delete(`${id}-${revision}`),
    },
  };

  function setTimer(name: string, queue: string, message: DueMessage | TickMessage, atMs: number): void {
    if (timers.has(name)) return;
    timers.set(name, message);
    const firings = conditions.firings();
    for (const lateMs of firings) {
      time.at(atMs + lateMs, () => {
        // Deleted after it has fired; a second firing was under way by then.
        if (timers.delete(name) || lateMs !== firings[0]) queueOf(queue).send(message, 0);
      });
    }
    if (firings.length === 0) time.at(atMs, () => timers.delete(name));
  }

  /** Runs `act` in a process of its own. Returns how that ended. */
  function spawn<T>(
    role: Role,
    act: (ports: Ports, process: SimulatedProcess) => Promise<T>,
    handled?: { message: DueMessage; isStale: boolean },
  ): Promise<{ returned: T } | { threw: unknown } | { died: true }> {
    return new Promise((resolve) => {
      const clockOffsetMs = conditions.clockOffsetMs(role);
      const process = simulatedProcess(role, { time, network, clockOffsetMs }, () => {
        living.delete(process);
        resolve({ died: true });
      });
      living.add(process);
      if (handled?.isStale) {
        const { call } = process;
        process.call = (name, args, effect) => {
          watchStale(history, handled.message, name, args);
          return call(name, args, effect);
        };
      }
      conditions.onSpawn(process);
      if (role === "api") time.at(time.now() + API_TIMEOUT_MS, () => living.has(process) && process.kill());
      const end = (result: { returned: T } | { threw: unknown }) => {
        living.delete(process);
        resolve(result);
      };
      act(decorated(connect(conditions.mutate(ports, role, handled?.message), process)), process).then(
        (returned) => end({ returned }),
        (threw: unknown) => end({ threw }),
      );
    });
  }

  // As lambdas/aws/shared-ports.ts does, so that what the decorators write is cut, too.
  function decorated(ports: Ports): Ports {
    const payloads = { ...base.payloads, expire };
    const lasting = lastingAttempts(ports.executions, ports.attempts, () => {});
    return { ...ports, executions: expiringArguments(lasting, payloads, () => {}) as Ports["executions"] };

    async function expire(...[payload, key, contentType]: Parameters<Ports["payloads"]["expire"]>): Promise<void> {
      // Arguments in the record cost no call.
      if ("bytes" in payload) await ports.payloads.expire(payload, key, contentType);
    }
  }

  // The observer of an expiry, who sees all records.
  function noteExpiry(key: string): void {
    const waiting = [...base.executions.records.values()].find(
      (it) => "bytes" in it.arguments && !("finishedAtMs" in it) && argumentsKey(it) === key,
    );
    if (waiting !== undefined) history.broken.push(`${waiting.id} has not ended, and its arguments expire`);
  }

  // As the program of a task does: lambdas/run/task.ts.
  async function beginTask(task: string, launch: Launch): Promise<void> {
    tasks.noteBegin(task);
    const { executionId, revision, functionName } = launch;
    const first = { executionId, revision, functionName, scheduledAtMs: time.now() };
    const isStale = revision < (base.executions.records.get(executionId)?.revision ?? 0);
    const result = await spawn(
      "task",
      async (ports, process) => {
        const work = laneWork({ now: process.clock.now, isStopping: () => false });
        await work.runAll(first, async (message) => {
          await run(
            { ...ports, task, takeOver: work.takeOver },
            process,
            message,
          )(message, {
            ...{ deadlineMs: Infinity, requestId: task },
            hold: async () => {},
          });
          if (conditions.isWell) time.at(time.now() + GIVEN_BACK_MS, () => noteLeakedSlot(message.executionId));
        });
      },
      { message: first, isStale },
    );
    if ("returned" in result) tasks.stop(task, { reason: "exit", code: 0 });
    else tasks.stop(task, "threw" in result ? { reason: "exit", code: 1 } : { reason: "lost", why: "it died" });
  }

  async function handleLaunch(due: Message, { count, hold }: Receive): Promise<boolean> {
    const message = due as DueMessage;
    return isDone(await spawn("launch", (ports) => launch(ports, message)), count, hold);
  }

  async function handleStopped(stopped: Message, { count, hold }: Receive): Promise<boolean> {
    return isDone(await spawn("launch", (ports) => taskStopped(ports, stopped as StoppedTask)), count, hold);
  }

  interface Receive {
    count: number;
    hold: (seconds: number) => void;
  }

  async function handleFire(message: Message, { count, hold }: Receive): Promise<boolean> {
    const result = await spawn("fire", async (ports) => {
      if ("schedule" in message) await makeTicks(ports, message);
      else if ("tickMs" in message) await tick(ports, message);
      else if ("looks" in message) await followUp(ports, message);
      else await sendOn(ports, message as DueMessage);
    });
    return isDone(result, count, hold);
  }

  async function handleBulk(message: Message, { count, hold }: Receive): Promise<boolean> {
    const result = await spawn("bulk", (ports) => workJob(ports, message as JobMessage, count >= MAX_BULK_TRIES));
    return isDone(result, count, hold);
  }

  async function handleDue(due: Message, { count, hold }: Receive): Promise<boolean> {
    const message = due as DueMessage;
    const isStale = message.revision < (base.executions.records.get(message.executionId)?.revision ?? 0);
    const result = await spawn(
      "run",
      (ports, process) =>
        run(
          ports,
          process,
          message,
        )(message, {
          deadlineMs: process.clock.now() + INVOCATION_MS,
          requestId: "request",
          hold: (seconds) => process.call("hold", [message], async () => void hold(seconds)),
        }),
      { message, isStale },
    );
    if (conditions.isWell) time.at(time.now() + GIVEN_BACK_MS, () => noteLeakedSlot(message.executionId));
    return isDone(result, count, hold, message);
  }

  /** All debounced executions here are of one key. */
  function noteDebounced({ debounced, functionId }: Execution): void {
    if (debounced === undefined) return;
    const waiting = [...base.executions.records.values()].filter(
      (it) => it.debounced !== undefined && it.functionId === functionId && it.state === "created" && it.attempt === 1,
    );
    if (waiting.length > 1) history.broken.push(`${waiting.map(({ id }) => id).join(" and ")} wait for one key`);
  }

  function run(ports: Ports & Pick<RunPorts, "task" | "takeOver">, process: SimulatedProcess, message: DueMessage) {
    return runDue({
      ...ports,
      bundle: "",
      endpoint: "",
      maxDurationSeconds: 600,
      writeLine: () => {},
      log: () => {},
      run: (job, stop) =>
        process.call("run", [job.token.split(".")[1]], () =>
          runUserCode({ time, history, process }, message, job, stop),
        ),
    });
  }

  function noteLeakedSlot(executionId: ExecutionId): void {
    const execution = base.executions.records.get(executionId);
    if (execution === undefined || !("finishedAtMs" in execution)) return;
    if (time.now() < execution.finishedAtMs + GIVEN_BACK_MS) {
      time.at(execution.finishedAtMs + GIVEN_BACK_MS, () => noteLeakedSlot(executionId));
      return;
    }
    const leaked = heldSlots().filter((slot) => slot.executionId === executionId && !tasks.holds(slot, GIVEN_BACK_MS));
    history.broken.push(...leaked.map(({ attempt }) => `${executionId}.${attempt} has ended and was left with a slot`));
  }

  function heldSlots() {
    const slots = [...base.lanes.items.values()].flatMap((lane) => [...lane.slots.values()]);
    return slots.filter(({ untilMs }) => untilMs > time.now());
  }

  // As the handler of the queues does: what fails comes again soon, what died after the visibility timeout.
  function isDone(
    result: object,
    count: number,
    hold: (seconds: number) => void,
    { functionName, wasPutAside }: Partial<DueMessage> = {},
  ): boolean {
    const isInTheWay = wasPutAside && functions.get(functionName ?? "")?.fifo;
    if ("threw" in result) hold(isInTheWay ? 1 : Math.min(300, 2 ** count));
    return "returned" in result;
  }

  function parked() {
    return [...base.lanes.items.values()].flatMap((lane) => [...lane.parked.values()]);
  }

  function sweepEveryMinute(): void {
    time.at(time.now() + MINUTE_MS, () => {
      if (isSweeping) void sweepOnce();
      sweepEveryMinute();
    });
  }

  async function sweepOnce() {
    return spawn("sweep", async (ports, process) => {
      time.at(time.now() + MINUTE_MS, () => living.has(process) && process.kill());
      return sweep({ ...ports, onError: () => {} }, process.clock.now() + MINUTE_MS / 2);
    });
  }

  sweepEveryMinute();
  const isAtRest = () =>
    history.open === 0 &&
    living.size === 0 &&
    [...base.schedules.schedules.values()].every(({ nextAtMs }) => nextAtMs === undefined) &&
    [...base.jobs.jobs.values()].every(({ recheckAtMs }) => recheckAtMs === undefined) &&
    tasks.areAtRest() &&
    timers.size === 0 &&
    // The sweep may have failed, and looks at each lane again in a minute.
    parked().length === 0 &&
    [...queues.values()].every((it) => it.size() === 0);

  return {
    time,
    history,
    functions,
    timers,
    living,
    /** Records and attempts as they are, past all ports. */
    records: base.executions.records,
    attempts: base.attempts.records,
    schedules: base.schedules.schedules,
    tokens: base.namedTokens.tokens,
    jobs: base.jobs.jobs,
    /** Failures that were counted. */
    failures: base.failures.counted,
    queues: () => queues,
    agreesOnTime: conditions.agreesOnTime,
    isSteady: conditions.isSteady,
    isReliable: conditions.isReliable,
    isCalm: conditions.isCalm,
    queueOf,
    spawn,
    /** The executions' store, without a process in between. */
    executions: executions as Executions,

    /** Calls the API in a process of its own. */
    api: <T>(act: (ports: Ports) => Promise<T>) => spawn("api", act),

    /** Enqueues once, and notes what the caller was told. */
    async enqueue(functionName: string, code: UserCode, more: Partial<EnqueueInput> = {}, key?: string) {
      const input = { functionName, arguments: JSON.stringify([code]), metadata: {}, ...more };
      const result = await spawn("api", (ports) => enqueue(ports, input, key));
      if (!("returned" in result)) return undefined;
      const { id } = result.returned;
      history.accepted.add(id);
      if (key !== undefined) history.byKey.set(key, (history.byKey.get(key) ?? new Set<ExecutionId>()).add(id));
      return id;
    },

    /** Switches the sweep on or off. */
    sweepIs(on: boolean) {
      isSweeping = on;
    },

    /** Lets time pass for so long. */
    wait: (ms: number) => time.run(() => false, time.now() + ms),

    /** Lets time pass until nothing is left to do, or until `ms` are over. */
    settle: (ms: number) => time.run(isAtRest, time.now() + ms),

    /** Slots that nobody gave back, though their attempts do not run. */
    heldSlots,

    /** Messages that wait in lanes. */
    parked,

    /** Executions still in the wake index, once it has caught up. */
    overdueLater: () =>
      [...index.places.values()].filter((execution) => wakeAtMs(execution) !== undefined).map(({ id }) => id),
  };
}

const FIRE = "(fire)";
const TICKS = "(ticks)";
const BULK = "(bulk)";

/** As in `lambdas/bulk/handler.ts`. */
const MAX_BULK_TRIES = 8;
const STOPPED = "(stopped)";

function nameOfTick({ scheduleId, revision, tickMs }: TickMessage): string {
  return `${scheduleId}-${revision}-${tickMs}`;
}
