import { type Execution, scheduleCaller } from "../core/execution.ts";
import type { DeployedFunction } from "../core/functions.ts";
import type { ExecutionId } from "../core/ids.ts";
import { argumentsKey } from "../core/payload-keys.ts";
import type { Payloads, Schedules, SigningKeys, TickMessage } from "../core/ports.ts";
import {
  advance,
  type DueTicks,
  dueTicks,
  executionIdOf,
  lastRun,
  leadMs,
  type Schedule,
  type ScheduledRun,
  scheduledAtMs,
} from "../core/schedules/schedule.ts";
import { newExecution, writeNew } from "./accept.ts";
import { cancelAhead, cancelTick, cancelUndue } from "./cancel-ahead.ts";
import { decide } from "./decide.ts";
import { type DispatchPorts, dispatchMany } from "./dispatch.ts";
import { type SendTickPorts, sendTick } from "./send-tick.ts";

export interface MakeTicksPorts extends DispatchPorts, SendTickPorts {
  schedules: Schedules;
  payloads: Payloads;
  tokens: SigningKeys;
}

/** `held`: the message comes again when it is time. `skipped`: the last execution was not final. */
export type MadeTicks = { made: readonly ScheduledRun[] } | { dropped: "stale" | "not_deployed" } | { held: number };

/** How early a message may be for the handler to sleep until its time. */
const MAX_WAIT_MS = 1_000;

/** Executions that are written and then sent together: SQS takes 10 messages in a batch. */
const SENT_TOGETHER = 10;

/** Messages may come this much later than their ticks: see `inPhase`. */
const MAX_PHASE_MS = 200;

/**
 * Makes the executions of the ticks that are due, then sends the message of the next tick, then lets the schedule move
 * on: a crash in between is made good by the same message, which comes again, or by the sweep. A message that comes
 * twice makes nothing twice, since each tick has one execution id.
 */
export async function makeTicks(ports: MakeTicksPorts, message: TickMessage): Promise<MadeTicks> {
  const schedule = await ports.schedules.get(message.schedule);
  if (schedule?.id !== message.scheduleId || schedule.revision !== message.revision) {
    // The worker that made executions of an older revision may have died before it could see the change.
    await cancelAhead(ports, { ...message, id: message.scheduleId });
    return { dropped: "stale" };
  }
  const { nextAtMs } = schedule;
  if (nextAtMs === undefined || message.tickMs < nextAtMs) return { dropped: "stale" };
  const deployed = ports.functions.get(schedule.functionName);
  if (deployed === undefined) return { dropped: "not_deployed" };
  const earlyMs = nextAtMs - leadMs(schedule) - ports.clock.now();
  if (earlyMs > MAX_WAIT_MS) {
    await sendTick(ports, schedule);
    return { held: earlyMs };
  }
  if (earlyMs > 0) {
    await ports.clock.sleep(earlyMs);
    // It may have been changed meanwhile.
    return makeTicks(ports, message);
  }
  const due = dueTicks(schedule, ports.clock.now());
  const made = await runTicks(ports, deployed, schedule, due);
  await sendTick(ports, advance(schedule, due, made, ports.clock.now()).to);
  await moveOn(ports, schedule, due, made);
  return { made };
}

async function moveOn(
  ports: MakeTicksPorts,
  schedule: Schedule,
  due: DueTicks,
  made: readonly ScheduledRun[],
): Promise<void> {
  for (let current: Schedule | undefined = schedule; ; ) {
    if (current?.id !== schedule.id || current.revision !== schedule.revision) {
      // The change may have looked for these executions before they were written.
      if (current?.id !== schedule.id) await cancelUndue(ports, schedule, (made[0]?.atMs ?? Infinity) - 1);
      else await (current.isPaused ? cancelUndue : cancelAhead)(ports, schedule, current.updatedAtMs);
      return;
    }
    // Another delivery of the message was quicker.
    if (current.nextAtMs !== schedule.nextAtMs) return;
    if ((await ports.schedules.apply(advance(current, due, made, ports.clock.now()))) === "applied") return;
    current = await ports.schedules.get(schedule.name);
  }
}

async function runTicks(
  ports: MakeTicksPorts,
  deployed: DeployedFunction,
  schedule: Schedule,
  { run, ahead }: DueTicks,
): Promise<ScheduledRun[]> {
  const ticks = [...run, ...ahead];
  if (ticks.length > 0 && !(await mayRun(ports, schedule))) return [];
  const late = await writeAndSend(ports, deployed, schedule, run);
  const early = await writeAndSend(ports, deployed, schedule, ahead);
  return [...late, ...early];
}

// A batch is on its way before the next one is written: the first ticks are not late where many follow. Where the first
// one is close, the first batches are small.
async function writeAndSend(
  ports: MakeTicksPorts,
  deployed: DeployedFunction,
  schedule: Schedule,
  ticks: readonly number[],
): Promise<ScheduledRun[]> {
  const made: ScheduledRun[] = [];
  const isClose = (ticks[0] ?? 0) - ports.clock.now() < MAX_WAIT_MS;
  for (let size = isClose ? 1 : SENT_TOGETHER; made.length < ticks.length; size = Math.min(2 * size, SENT_TOGETHER)) {
    const batch = ticks.slice(made.length, made.length + size);
    const written = await writeTicks(ports, deployed, schedule, batch);
    await inPhase(ports, batch[0] ?? 0);
    await send(ports, written);
    made.push(...written.map(({ run }) => run));
  }
  return made;
}

async function send(ports: MakeTicksPorts, written: readonly WrittenTick[]): Promise<void> {
  const waiting = written.flatMap(({ execution }) => (execution?.state === "created" ? [execution] : []));
  if (waiting.length > 0) await dispatchMany(ports, waiting);
}

// A queue delays by whole seconds. Sent half a second after the whole one, all messages would come that late.
async function inPhase({ clock }: MakeTicksPorts, tickMs: number): Promise<void> {
  const aheadMs = tickMs - clock.now();
  const earlyMs = aheadMs % 1000;
  if (aheadMs > 1000 && earlyMs < 1000 - MAX_PHASE_MS) await clock.sleep(earlyMs);
}

// Applies the schedule's `overlap` to its last execution.
async function mayRun(ports: MakeTicksPorts, schedule: Schedule): Promise<boolean> {
  if (schedule.overlap === "allow") return true;
  const last = lastRun(schedule, ports.clock.now());
  const execution = last && (await ports.executions.get(last.executionId));
  if (execution === undefined || "finishedAtMs" in execution) return true;
  if (schedule.overlap === "skip") return false;
  await decide(ports, execution.id, { type: "cancel", force: true, by: scheduleCaller(schedule.name) });
  return true;
}

interface WrittenTick {
  run: ScheduledRun;
  /** Absent if an earlier revision made it. */
  execution?: Execution;
}

// One after the other: many schedules are handled at once, and what starts meanwhile must not wait behind all their
// ticks.
async function writeTicks(
  ports: MakeTicksPorts,
  deployed: DeployedFunction,
  schedule: Schedule,
  ticks: readonly number[],
): Promise<WrittenTick[]> {
  const written: WrittenTick[] = [];
  for (const tickMs of ticks) written.push(await writeTick(ports, deployed, schedule, tickMs));
  return written;
}

async function writeTick(
  ports: MakeTicksPorts,
  deployed: DeployedFunction,
  schedule: Schedule,
  tickMs: number,
): Promise<WrittenTick> {
  const begun = await begunBefore(ports, schedule, tickMs);
  if (begun !== undefined) return { run: { atMs: tickMs, executionId: begun } };
  const id = executionIdOf(schedule, tickMs);
  const nowMs = ports.clock.now();
  const base = await newExecution(ports, deployed, { id, nowMs, scheduledAtMs: scheduledAtMs(schedule, tickMs) });
  const execution = await writeNew(ports, {
    ...base,
    metadata: schedule.metadata,
    arguments: await ports.payloads.copy(
      schedule.arguments,
      schedule.argumentsKey,
      argumentsKey({ functionName: deployed.name, id }),
    ),
    scheduleName: schedule.name,
  });
  return { run: { atMs: tickMs, executionId: id }, execution };
}

// The execution of an earlier revision that has begun: one tick runs once. One that has not is cancelled.
async function begunBefore(
  ports: MakeTicksPorts,
  { id, replaced = [] }: Schedule,
  tickMs: number,
): Promise<ExecutionId | undefined> {
  for (const { untilMs, ...revision } of replaced) {
    const before = { ...revision, id };
    if (tickMs <= untilMs && (await cancelTick(ports, before, tickMs))) return executionIdOf(before, tickMs);
  }
  return undefined;
}
