import { type Begun, isFinal } from "../../harness/simulation/history.ts";
import type { System } from "../../harness/simulation/system.ts";
import type { Attempt, Execution } from "../../lambdas/core/execution.ts";
import { followUpOf } from "../../lambdas/core/follow-ups.ts";
import type { ExecutionId } from "../../lambdas/core/ids.ts";
import { isBulkJob } from "../../lambdas/core/jobs/job.ts";
import { rateName } from "../../lambdas/core/rate-limit.ts";

/** Returns the promises of `docs/proof.md` that a system at rest has broken, in words; there must be none. */
export async function brokenPromises(system: System): Promise<string[]> {
  const { history } = system;
  return [
    ...history.broken,
    ...[...history.accepted].filter((id) => !history.versions.has(id)).map((id) => `${id} was accepted and is lost`),
    ...[...history.byKey]
      .filter(([, ids]) => ids.size > 1)
      .map(([key, ids]) => `the idempotency key ${key} stands for ${[...ids].join(" and ")}`),
    ...[...history.versions].flatMap(([id, versions]) => brokenBy(system, id, versions)),
    ...[...history.endsAs]
      .filter(([id, state]) => history.versions.get(id)?.at(-1)?.state !== state)
      .map(([id, state]) => `${id} was to end as ${state}`),
    ...[...history.postponed]
      .filter(([id, { toldAtMs, scheduledAtMs }]) =>
        history.begun.some((it) => it.id === id && it.beganAtMs > toldAtMs && it.seenAtMs < scheduledAtMs),
      )
      .map(([id]) => `${id} ran before the time it was postponed to`),
    ...history.begun.flatMap((begun) => brokenStart(system, begun)),
    ...[...history.recorded]
      .filter(([, times]) => times > 1)
      .map(([attempt, times]) => `the outcome of ${attempt} was stored ${times} times`),
    ...brokenConcurrency(system),
    ...brokenFollowUps(system),
    ...(system.isSteady ? brokenPauses(system) : []),
    ...(system.isSteady && system.isReliable ? brokenRates(system) : []),
    ...(system.agreesOnTime && system.isReliable ? takenForDead(system) : []),
    ...(system.isCalm ? brokenOrder(system) : []),
    ...(await leftOver(system)),
  ];
}

function brokenBy(system: System, id: ExecutionId, versions: readonly Execution[]): string[] {
  const last = versions.at(-1) as Execution;
  const broken: string[] = [];
  if (!isFinal(last)) broken.push(`${id} is not final: ${last.state}`);
  const [final, ...later] = versions.filter(isFinal);
  if (later.some(({ state }) => state !== final?.state)) broken.push(`${id} became final ${later.length + 1} times`);
  // All that is still written is that its follow-up is made.
  if (versions.some((it, index) => isFinal(it) && index < versions.length - 1 && !waitsForFollowUp(it)))
    broken.push(`${id} was written after it was final`);
  for (const [index, { version }] of versions.entries()) {
    if (version !== index) broken.push(`${id} has version ${version} as its write number ${index}`);
  }
  const starts = versions.filter(({ state }, index) => state === "started" && versions[index - 1]?.state === "created");
  for (const start of starts) {
    const { attempt } = start;
    if (starts.some((it) => it !== start && it.attempt === attempt)) broken.push(`${id}.${attempt} was started twice`);
    if ("startedAtMs" in start && start.startedAtMs !== undefined) {
      if (start.startedAtMs < start.scheduledAtMs) broken.push(`${id}.${attempt} was started early`);
      if (start.startedAtMs > (start.discardAfterMs ?? Infinity)) broken.push(`${id}.${attempt} was started too late`);
    }
  }
  if (system.isCalm) broken.push(...starts.flatMap((start) => brokenPunctuality(system, start)));
  if (last.state === "aborted" && !versions.some(({ state }) => state === "aborting")) {
    broken.push(`${id} was aborted, and nobody asked for it`);
  }
  if (last.state === "discarded" && last.discardAfterMs === undefined) broken.push(`${id} was discarded`);
  const retries = system.functions.get(last.functionName)?.retry.maxAttempts ?? Infinity;
  if (last.attempt > retries + 1) broken.push(`${id} had ${last.attempt} attempts`);
  if (last.state === "failed" && last.attempt <= retries && !isGivenUp(last)) {
    broken.push(`${id} failed, and had a retry left`);
  }
  return [...broken, ...brokenAttempts(system, last, starts.length)];
}

function waitsForFollowUp(execution: Execution): boolean {
  return "followUpAtMs" in execution && execution.followUpAtMs !== undefined;
}

// Exactly one of each execution whose function asks for it, and none of any other.
function brokenFollowUps({ records, functions, isCalm }: System): string[] {
  return [...records.values()].flatMap((ended) => {
    const name = followUpOf(functions.get(ended.functionName)?.followUps ?? {}, ended.state);
    const made = [...records.values()].filter(({ executedBy }) => executedBy === ended.id);
    const isRight = made.every((it) => it.functionName === name) && made.length === (name === undefined ? 0 : 1);
    if (!isRight) return [`${ended.id} is ${ended.state} and has ${made.length} follow-ups`];
    const endedAtMs = "finishedAtMs" in ended ? ended.finishedAtMs : Infinity;
    const isLate = isCalm && made.some(({ createdAtMs }) => createdAtMs > endedAtMs + FOLLOWED_WITHIN_MS);
    return isLate ? [`the follow-up of ${ended.id} was late`] : [];
  });
}

/** The end may be announced a moment before it is stored, and then is looked at again after a second. */
const FOLLOWED_WITHIN_MS = 2_000;

// A retry that would come after `discard_after` is not made; what cannot be started is given up after hours.
function isGivenUp({ discardAfterMs, ...execution }: Execution): boolean {
  return discardAfterMs !== undefined || !("startedAtMs" in execution);
}

/** With free capacity an execution starts within a second of its due time. */
const PUNCTUAL_MS = 1_000;

function brokenPunctuality({ functions, jobs, history }: System, start: Execution): string[] {
  const deployed = functions.get(start.functionName);
  // A bulk job makes its page due when the step begins, and sends it at its end.
  if (start.job !== undefined || [...jobs.values()].some((job) => isBulkJob(job) && job.by === start.createdBy))
    return [];
  const lateMs = "startedAtMs" in start ? (start.startedAtMs as number) - start.scheduledAtMs : 0;
  const isHeldBack =
    deployed?.fifo ||
    deployed?.concurrency !== undefined ||
    deployed?.rateLimit !== undefined ||
    deployed?.tasks !== undefined ||
    history.pauses.some(({ functionName }) => functionName === start.functionName);
  return lateMs > PUNCTUAL_MS && !isHeldBack ? [`${start.id}.${start.attempt} started ${lateMs} ms late`] : [];
}

// Each attempt that began and ended is on record, with the end that the execution tells of.
function brokenAttempts({ attempts }: System, last: Execution, starts: number): string[] {
  return Array.from({ length: starts }, (_, index) => index + 1).flatMap((number) => {
    const isInRecord = "output" in last && last.output !== undefined && number === last.attempt;
    const record: Attempt | undefined = attempts.get(`${last.id}.${number}`);
    if (isInRecord) return number === 1 ? [] : [`${last.id}.${number} is in the record, and not the only attempt`];
    if (record === undefined) return isFinal(last) ? [`${last.id}.${number} is not on record`] : [];
    const isLast = number === last.attempt;
    // A caller who was told that the abort is under way finds it aborted, even if the function was quicker.
    const fits = isLast ? last.state === "aborted" || record.end.state === last.state : record.end.state === "failed";
    return fits ? [] : [`${last.id}.${number} ended as ${record.end.state}, and the execution as ${last.state}`];
  });
}

function brokenStart(system: System, { id, attempt, seenAtMs }: Begun): string[] {
  const same = system.history.begun.filter((it) => it.id === id && it.attempt === attempt);
  const started = system.history.versions.get(id)?.find((it) => it.state === "started" && it.attempt === attempt);
  const broken: string[] = [];
  if (same.length > 1) broken.push(`${id}.${attempt} ran ${same.length} times`);
  if (started === undefined) broken.push(`${id}.${attempt} ran without being started`);
  else if (seenAtMs < started.scheduledAtMs) broken.push(`${id}.${attempt} ran before it was due`);
  return broken;
}

// A worker that froze or died is taken for dead after a while, and another one takes its place.
function brokenConcurrency({ history, functions, agreesOnTime }: System): string[] {
  if (!agreesOnTime) return [];
  const ran = history.begun.filter(
    ({ process, endedAtMs }) =>
      endedAtMs !== undefined && process.diedAtMs === undefined && process.frozenUntilMs === 0,
  );
  const laneNameOf = ({ id, functionName }: Begun) => {
    const per = functions.get(functionName)?.concurrency?.per;
    return per && history.versions.get(id)?.[0]?.metadata[per];
  };
  return ran.flatMap((it) => {
    const deployed = functions.get(it.functionName);
    const limit = deployed?.fifo ? 1 : (deployed?.capacity ?? deployed?.concurrency?.limit ?? deployed?.tasks);
    const others = ran.filter(
      (other) =>
        other.functionName === it.functionName &&
        laneNameOf(other) === laneNameOf(it) &&
        other.beganAtMs <= it.beganAtMs &&
        it.beganAtMs < (other.endedAtMs as number),
    );
    return limit !== undefined && others.length > limit
      ? [`${others.length} of ${it.functionName} ran at once, when ${it.id} began`]
      : [];
  });
}

/** A runner sees a pause within ten seconds; then it has to get to the user code. */
const PAUSED_WITHIN_MS = 15_000;

/** A runner that has learned of a pause parks at once: see `admit.ts`. */
const PARKED_WITHIN_MS = 1_000;

// A function is paused once in a simulation.
function brokenPauses({ history }: System): string[] {
  return history.pauses.flatMap(({ functionName, fromMs, untilMs, resumedAtMs }) => [
    ...history.begun
      .filter((it) => it.functionName === functionName)
      .filter(({ beganAtMs }) => beganAtMs > fromMs + PAUSED_WITHIN_MS && beganAtMs < untilMs)
      .map(({ id }) => `${id} began while ${functionName} was paused`),
    ...history.parkedInPause
      .filter((it) => it.functionName === functionName && it.atMs > resumedAtMs + PARKED_WITHIN_MS)
      .map(({ id }) => `${id} was parked although ${functionName} had been resumed`),
  ]);
}

/** From the pass of a rate to the start: a few calls. */
const FROM_PASS_TO_START_MS = 1_000;

// The limit counts in reserved time: what comes late may bunch.
function brokenRates({ history, functions }: System): string[] {
  const passes = new Map<string, number[]>();
  for (const versions of history.versions.values()) {
    for (const [index, started] of versions.entries()) {
      const before = versions[index - 1];
      const rate = functions.get(started.functionName)?.rateLimit;
      if (rate === undefined || started.state !== "started" || before?.state !== "created") continue;
      const name = `${started.functionName} ${rateName(rate, started.metadata)}`;
      passes.set(name, [...(passes.get(name) ?? []), before.notBeforeMs ?? started.startedAtMs]);
    }
  }
  return [...passes].flatMap(([name, times]) => {
    const { limit = 0, burst = 0, periodSeconds = 0 } = functions.get(name.split(" ")[0] ?? "")?.rateLimit ?? {};
    const inOrder = times.toSorted((a, b) => a - b);
    const windows = inOrder.map((atMs, index) => (inOrder[index + limit + burst] ?? Infinity) - atMs);
    const shortest = Math.min(...windows);
    return shortest < periodSeconds * 1_000 - FROM_PASS_TO_START_MS
      ? [`${limit + burst + 1} of ${name} passed its rate within ${shortest} ms`]
      : [];
  });
}

function takenForDead({ history, attempts }: System): string[] {
  return history.begun.flatMap(({ id, attempt, process, endedAtMs }) => {
    const hasLived = endedAtMs !== undefined && process.diedAtMs === undefined && process.frozenUntilMs === 0;
    const isLost = JSON.stringify(attempts.get(`${id}.${attempt}`)?.result ?? {}).includes("WorkerLostError");
    return hasLived && isLost ? [`${id}.${attempt} was taken for dead`] : [];
  });
}

// Messages are delayed by whole seconds.
function brokenOrder({ history, functions }: System): string[] {
  const starts = [...history.versions.values()]
    .flat()
    .filter((it) => it.state === "started" && functions.get(it.functionName)?.fifo)
    // A resume sends what is parked in order, while others come.
    .filter((it) => !history.pauses.some(({ functionName }) => functionName === it.functionName))
    .map((it) => ({ id: it.id, scheduledAtMs: Math.max(it.scheduledAtMs, it.attemptCreatedAtMs), version: it }));
  const inOrder = starts.filter(
    ({ version }, index) => starts.findIndex((it) => sameAttempt(it.version, version)) === index,
  );
  inOrder.sort((a, b) => startedAtMs(a.version) - startedAtMs(b.version));
  return inOrder.flatMap(({ id, scheduledAtMs }, index) =>
    inOrder.slice(0, index).some((earlier) => earlier.scheduledAtMs > scheduledAtMs + PUNCTUAL_MS)
      ? [`${id} was overtaken`]
      : [],
  );
}

function sameAttempt(a: Execution, b: Execution): boolean {
  return a.id === b.id && a.attempt === b.attempt;
}

function startedAtMs(execution: Execution): number {
  return ("startedAtMs" in execution && execution.startedAtMs) || 0;
}

async function leftOver(system: System): Promise<string[]> {
  return [
    ...[...system.queues()].flatMap(([name, queue]) =>
      queue.size() > 0 ? [`${queue.size()} messages are left over in the queue of ${name}`] : [],
    ),
    ...[...system.timers.keys()].map((name) => `the schedule ${name} is left over`),
    ...system.heldSlots().map(({ executionId, attempt }) => `${executionId}.${attempt} still holds a slot`),
    ...system.parked().map(({ executionId }) => `${executionId} is still parked`),
    ...[...system.overdueLater()].map((id) => `${id} is still in the wake index`),
  ];
}
