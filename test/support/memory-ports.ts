import { isDeepStrictEqual } from "node:util";
import { type ApiToken, isExpired } from "../../lambdas/core/api-token.ts";
import { DomainError } from "../../lambdas/core/errors.ts";
import { type Attempt, type Execution, postingsOf, wakePlaceOf } from "../../lambdas/core/execution.ts";
import { type CountedFailure, type FailureBucket, hourOf, type Resolution } from "../../lambdas/core/failures/group.ts";
import type { EndMessage } from "../../lambdas/core/follow-ups.ts";
import type { DeployedFunction } from "../../lambdas/core/functions.ts";
import { functionCatalog } from "../../lambdas/core/functions.ts";
import { type ExecutionId, functionId, shardOf } from "../../lambdas/core/ids.ts";
import { isBulkJob, type Job } from "../../lambdas/core/jobs/job.ts";
import { jobKey } from "../../lambdas/core/jobs/key.ts";
import type { Lane, Slot } from "../../lambdas/core/lanes.ts";
import type { Partition } from "../../lambdas/core/listing/plan.ts";
import { isBefore } from "../../lambdas/core/listing/postings.ts";
import type {
  Alarms,
  Attempts,
  Bound,
  Clock,
  ConsoleCodes,
  DeadLetters,
  Debounces,
  Dispatcher,
  DueMessage,
  Executions,
  FailureCounter,
  FailureGroups,
  IdempotencyKeys,
  Indexes,
  JobMessage,
  JobMessages,
  Jobs,
  KeyedRequest,
  Lanes,
  Launch,
  LiveLogs,
  NamedTokens,
  ParkedMessage,
  Pause,
  Pauses,
  Payloads,
  Rates,
  Schedules,
  Tasks,
  TickMessage,
  TickMessages,
  Timer,
  Tokens,
} from "../../lambdas/core/ports.ts";
import { scheduleKey } from "../../lambdas/core/schedules/key.ts";
import type { Schedule } from "../../lambdas/core/schedules/schedule.ts";
import type { TaskExit } from "../../lambdas/core/task-exit.ts";

export function memoryConsoleCodes(): ConsoleCodes {
  const used = new Set<string>();
  return {
    async use({ id }) {
      if (used.has(id)) return false;
      used.add(id);
      return true;
    },
  };
}

/** The schedules, whose lists are never late here. */
export function memorySchedules(shards = 4): Schedules & { schedules: Map<string, Schedule> } {
  const schedules = new Map<string, Schedule>();
  const isOf = ({ name, id, version }: Pick<Schedule, "name" | "id" | "version">) => {
    const current = schedules.get(name);
    return current?.id === id && current.version === version;
  };
  return {
    schedules,
    shards,
    async get(name) {
      return structuredClone(schedules.get(name));
    },
    async getMany(names) {
      const found = names.map((name) => structuredClone(schedules.get(name))).filter((it) => it !== undefined);
      return new Map(found.map((schedule) => [schedule.name, schedule]));
    },
    async create(schedule) {
      if (schedules.has(schedule.name)) return "exists";
      schedules.set(schedule.name, structuredClone(schedule));
      return "created";
    },
    async apply({ from, to }) {
      if (!isOf(from)) return "lost";
      schedules.set(from.name, structuredClone(to));
      return "applied";
    },
    async remove(schedule) {
      if (!isOf(schedule)) return "lost";
      schedules.delete(schedule.name);
      return "removed";
    },
    async read({ functionId: wanted, shard }, { direction, from, to, limit }) {
      const keys = [...schedules.values()]
        .filter(({ id }) => Number.parseInt(id.slice(-4), 16) % shards === shard)
        .filter((schedule) => wanted === undefined || schedule.functionId === wanted)
        .map(({ name }) => name)
        .filter((it) => (from === undefined || !isBefore(it, from, direction)) && !(to && isBefore(to, it, direction)))
        .sort((a, b) => (isBefore(a, b, direction) ? -1 : 1));
      return { keys: keys.slice(0, limit), isEnd: keys.length <= limit };
    },
  };
}

/** Counted failures, whose lists are never late here. */
export function memoryFailures(shards = 4): FailureCounter & FailureGroups & { counted: CountedFailure[] } {
  const counted: CountedFailure[] = [];
  const resolutions = new Map<string, Resolution>();
  return {
    counted,
    shards,
    async count(failure) {
      counted.push(failure);
    },
    async seenIn(hour) {
      return [...new Set(counted.filter((it) => hourOf(it.atMs) === hour).map(({ fingerprint }) => fingerprint))];
    },
    async buckets(fingerprint) {
      const own = counted.filter((it) => it.fingerprint === fingerprint);
      const groups = Map.groupBy(own, ({ atMs, executionId }) => `${hourOf(atMs)}#${shardOf(executionId, shards)}`);
      return [...groups.values()].map((same): FailureBucket => {
        const last = same.at(-1) as CountedFailure;
        const { functionName, errorName, message, executionId: sample, atMs: lastAtMs } = last;
        const firstAtMs = same[0]?.atMs ?? lastAtMs;
        return {
          functionName,
          errorName,
          message,
          sample,
          firstAtMs,
          lastAtMs,
          hour: hourOf(lastAtMs),
          count: same.length,
        };
      });
    },
    async resolution(fingerprint) {
      return resolutions.get(fingerprint);
    },
    async resolve(fingerprint, resolution) {
      if (resolution === undefined) resolutions.delete(fingerprint);
      else resolutions.set(fingerprint, resolution);
    },
  };
}

/** The jobs, whose list is never late here. */
export function memoryJobs(): Jobs & { jobs: Map<string, Job> } {
  const jobs = new Map<string, Job>();
  return {
    jobs,
    async get(id) {
      return structuredClone(jobs.get(id));
    },
    async getMany(ids) {
      const found = ids.map((id) => structuredClone(jobs.get(id))).filter((it) => it !== undefined);
      return new Map(found.map((job) => [job.id, job]));
    },
    async create(job) {
      if (jobs.has(job.id)) return "exists";
      jobs.set(job.id, structuredClone(job));
      return "created";
    },
    async apply({ from, to }) {
      if (jobs.get(from.id)?.version !== from.version) return "lost";
      jobs.set(from.id, structuredClone(to));
      return "applied";
    },
    async read({ direction, from, to, limit }) {
      const keys = [...jobs.values()]
        .filter(isBulkJob)
        .map(({ id }) => id)
        .filter((it) => (from === undefined || !isBefore(it, from, direction)) && !(to && isBefore(to, it, direction)))
        .sort((a, b) => (isBefore(a, b, direction) ? -1 : 1));
      return { keys: keys.slice(0, limit), isEnd: keys.length <= limit };
    },
  };
}

function recordingJobMessages(): JobMessages & { sent: { message: JobMessage; delaySeconds: number }[] } {
  const sent: { message: JobMessage; delaySeconds: number }[] = [];
  return {
    sent,
    async send(message, delaySeconds) {
      sent.push({ message, delaySeconds });
    },
  };
}

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

export interface SentTick {
  message: TickMessage;
  delaySeconds?: number;
  atMs?: number;
}

function recordingTicks(): TickMessages & { sent: SentTick[]; takenBack: TickMessage[] } {
  const sent: SentTick[] = [];
  const takenBack: TickMessage[] = [];
  return {
    sent,
    takenBack,
    async send(message, delaySeconds) {
      sent.push({ message, delaySeconds });
    },
    async sendAt(message, atMs) {
      sent.push({ message, atMs });
    },
    async takeBack(message) {
      takenBack.push(message);
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

/** The executions and their indexes, which are never late here. */
export function memoryExecutions(shards = 4): Executions & { indexes: Indexes; records: Map<string, Execution> } {
  const records = new Map<string, Execution>();
  return {
    records,
    indexes: {
      shards,
      async read(partition, { direction, from, to, limit }) {
        const keys = [...records.values()]
          .filter((execution) => isIn(execution, partition, shards))
          .map(({ id }) => id)
          .filter(
            (id) => (from === undefined || !isBefore(id, from, direction)) && !(to && isBefore(to, id, direction)),
          )
          .sort((a, b) => (isBefore(a, b, direction) ? -1 : 1));
        return { keys: keys.slice(0, limit), isEnd: keys.length <= limit };
      },
      async *overdue(from, nowMs) {
        const overdue = overdueOf(records.values(), from, nowMs, shards);
        if (overdue.length > 0) yield overdue;
      },
    },
    async create(execution) {
      if (records.has(execution.id)) return "exists";
      records.set(execution.id, structuredClone(execution));
      return "created";
    },
    async createMany(executions) {
      for (const execution of executions) records.set(execution.id, structuredClone(execution));
      return new Map();
    },
    async get(id) {
      return structuredClone(records.get(id));
    },
    async getMany(ids) {
      const found = ids.map((id) => structuredClone(records.get(id))).filter((it) => it !== undefined);
      return new Map(found.map((execution) => [execution.id, execution]));
    },
    async apply({ from, to }) {
      const current = records.get(from.id);
      if (current === undefined || current.version !== from.version) return "lost";
      records.set(from.id, structuredClone(to));
      return "applied";
    },
  };
}

/** Returns the ids of those that a part of the wake index has until `nowMs`, as DynamoDB's port does. */
export function overdueOf(
  executions: Iterable<Execution>,
  { shard, part }: Parameters<Indexes["overdue"]>[0],
  nowMs: number,
  shards: number,
): ExecutionId[] {
  const found: Placed[] = [];
  for (const execution of executions) {
    const place = wakePlaceOf(execution);
    if (place === undefined || place.atMs > nowMs || shardOf(execution.id, shards) !== shard) continue;
    if ((place.part === "fresh" ? execution.state : place.part) !== part) continue;
    found.push({ id: execution.id, atMs: place.atMs });
  }
  return found.sort((a, b) => a.atMs - b.atMs || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
}

interface Placed {
  id: ExecutionId;
  atMs: number;
}

function isIn(execution: Execution, partition: Partition, shards: number): boolean {
  if ("shard" in partition && shardOf(execution.id, shards) !== partition.shard) return false;
  switch (partition.index) {
    case "all":
      return true;
    case "function":
      return execution.functionId === partition.functionId;
    case "state":
      return execution.state === partition.state && (execution.fresh ?? false) === partition.isFresh;
    case "executedBy":
      return execution.executedBy === partition.executedBy;
    case "metadata":
      return postingsOf(execution).some(({ key, value }) => key === partition.key && value === partition.value);
  }
}

export function memoryIdempotencyKeys(): IdempotencyKeys {
  const requests = new Map<string, KeyedRequest>();
  return {
    async claim(key, request) {
      const bound = requests.get(key) ?? request;
      requests.set(key, bound);
      return bound;
    },
  };
}

export function memoryDebounces(): Debounces {
  const keys = new Map<string, Bound>();
  const of = (functionId: string, key: string) => `${functionId}#${key}`;
  return {
    async get(functionId, key) {
      return structuredClone(keys.get(of(functionId, key)));
    },
    async bind(functionId, key, bound, previous) {
      if (keys.get(of(functionId, key))?.executionId !== previous) return false;
      keys.set(of(functionId, key), structuredClone(bound));
      return true;
    },
  };
}

export function memoryAttempts(): Attempts & { records: Map<string, Attempt>; keptFromMs: Map<string, number> } {
  const records = new Map<string, Attempt>();
  const keptFromMs = new Map<string, number>();
  return {
    records,
    keptFromMs,
    async record(attempt) {
      const key = `${attempt.executionId}.${attempt.number}`;
      if (records.has(key)) return "exists";
      records.set(key, structuredClone(attempt));
      return "recorded";
    },
    async keep(attempt, fromMs) {
      const key = `${attempt.executionId}.${attempt.number}`;
      records.set(key, structuredClone(attempt));
      keptFromMs.set(key, fromMs);
    },
    async get(executionId, number) {
      return structuredClone(records.get(`${executionId}.${number}`));
    },
    async getMany(executionId, numbers) {
      const found = numbers.map((number) => records.get(`${executionId}.${number}`)).filter((it) => it !== undefined);
      return new Map(found.map((attempt) => [attempt.number, structuredClone(attempt)]));
    },
  };
}

export function memoryPayloads(): Payloads & {
  objects: Map<string, string>;
  expiring: Set<string>;
  renewed: string[];
} {
  const objects = new Map<string, string>();
  const expiring = new Set<string>();
  const renewed: string[] = [];
  const get = (key: string) => {
    const text = objects.get(key);
    if (text === undefined) throw new DomainError("not_found", `"${key}" is no longer kept`);
    return text;
  };
  return {
    objects,
    expiring,
    renewed,
    async store(key, text, inlineBytes) {
      if (Buffer.byteLength(text) <= inlineBytes) return { inline: text };
      objects.set(key, text);
      return { bytes: Buffer.byteLength(text) };
    },
    async read(payload, key) {
      return "inline" in payload ? payload.inline : get(key);
    },
    async copy(payload, from, to) {
      if ("bytes" in payload) objects.set(to, get(from));
      return payload;
    },
    async expire(payload, key) {
      if ("inline" in payload) return;
      get(key);
      expiring.add(key);
    },
    async renew(payload, key) {
      if ("inline" in payload) return;
      get(key);
      renewed.push(key);
    },
    async link(key) {
      get(key);
      return `https://payloads.test/${key}`;
    },
  };
}

export interface Sent {
  to: "function" | "fire" | "timer";
  message: DueMessage;
  delaySeconds?: number;
  atMs?: number;
}

function recordingTimer(sent: Sent[]): Timer & { cleared: string[] } {
  const cleared: string[] = [];
  return {
    cleared,
    async set(message, atMs) {
      sent.push({ to: "timer", message, atMs });
    },
    async clear(executionId, revision) {
      cleared.push(`${executionId}-${revision}`);
    },
  };
}

export function memoryLanes(shards = 4): Lanes & { items: Map<string, MemoryLane> } {
  interface Marked {
    shard: number;
    mark: string;
  }
  const items = new Map<string, MemoryLane>();
  const marks = new Map<string, Marked & Pick<Lane, "functionId" | "name">>();
  const keyOf = ({ functionId, name }: Pick<Lane, "functionId" | "name">) => `${functionId}#${name}`;
  const of = (lane: Lane): MemoryLane => {
    const known = items.get(keyOf(lane)) ?? { slots: new Map(), parked: new Map() };
    items.set(keyOf(lane), known);
    return known;
  };
  const isHolder = (kept: Slot | undefined, slot: Omit<Slot, "untilMs">) =>
    kept?.executionId === slot.executionId && kept.attempt === slot.attempt && kept.revision === slot.revision;
  const parkedKey = ({ scheduledAtMs, executionId }: DueMessage) => `${scheduledAtMs}#${executionId}`;
  let marksMade = 0;
  let parkings = 0;
  return {
    items,
    shards,
    async slots(lane) {
      return structuredClone([...of(lane).slots.values()].sort((a, b) => a.number - b.number));
    },
    async take(lane, slot, previous) {
      const kept = of(lane).slots.get(slot.number);
      if (JSON.stringify(kept) !== JSON.stringify(previous)) return false;
      of(lane).slots.set(slot.number, structuredClone(slot));
      return true;
    },
    async renew(lane, slot) {
      if (isHolder(of(lane).slots.get(slot.number), slot)) of(lane).slots.set(slot.number, structuredClone(slot));
    },
    async free(lane, slot) {
      if (isHolder(of(lane).slots.get(slot.number), slot)) of(lane).slots.delete(slot.number);
    },
    async freeUnchanged(lane, slot) {
      if (isDeepStrictEqual(of(lane).slots.get(slot.number), slot)) of(lane).slots.delete(slot.number);
    },
    async parked(lane, limit) {
      const sorted = [...of(lane).parked.values()].sort(
        (a, b) => a.scheduledAtMs - b.scheduledAtMs || (a.executionId < b.executionId ? -1 : 1),
      );
      return structuredClone(sorted.slice(0, limit));
    },
    async isParked(lane, message) {
      return of(lane).parked.has(parkedKey(message));
    },
    async park(lane, message) {
      of(lane).parked.set(parkedKey(message), { ...structuredClone(message), parking: String(parkings++) });
      const { functionId, name } = lane;
      marks.set(keyOf(lane), { functionId, name, shard: name.length % shards, mark: String(marksMade++) });
    },
    async unpark(lane, message) {
      const key = parkedKey(message);
      const kept = of(lane).parked.get(key);
      if (kept?.revision !== message.revision || kept.parking !== (message.parking ?? kept.parking)) return false;
      return of(lane).parked.delete(key);
    },
    async *marked(shard) {
      const found = [...marks.values()].filter((it) => it.shard === shard);
      if (found.length > 0) yield found.map(({ functionId, name }) => ({ functionId, name }));
    },
    async countParked(functionId, most) {
      const of = [...items].filter(([key]) => key.startsWith(`${functionId}#`));
      return Math.min(
        most,
        of.reduce((sum, [, { parked }]) => sum + parked.size, 0),
      );
    },
    async mark(lane) {
      return marks.get(keyOf(lane))?.mark;
    },
    async unmark(lane, mark) {
      if (marks.get(keyOf(lane))?.mark === mark) marks.delete(keyOf(lane));
    },
  };
}

interface MemoryLane {
  slots: Map<number, Slot>;
  parked: Map<string, ParkedMessage>;
}

export function memoryRates(): Rates {
  const arrivals = new Map<string, number>();
  return {
    async advance(functionId, name, intervalMs, nowMs) {
      const arrival = Math.max(arrivals.get(`${functionId}#${name}`) ?? 0, nowMs);
      arrivals.set(`${functionId}#${name}`, arrival + intervalMs);
      return arrival;
    },
  };
}

/** The named tokens, as old as a caller takes them for. */
export function memoryNamedTokens(
  clock: Pick<Clock, "now"> = { now: Date.now },
): NamedTokens & { tokens: Map<string, ApiToken> } {
  const tokens = new Map<string, ApiToken>();
  const live = (name: string) => {
    const token = tokens.get(name);
    return token === undefined || isExpired(token, clock.now()) ? undefined : token;
  };
  return {
    tokens,
    get: async (name) => structuredClone(tokens.get(name)),
    list: async () => structuredClone([...tokens.values()]),
    async create(token) {
      if (live(token.name) !== undefined) return "exists";
      tokens.set(token.name, structuredClone(token));
      return "created";
    },
    async remove(name) {
      const was = live(name);
      tokens.delete(name);
      return was === undefined ? "unknown" : "removed";
    },
  };
}

export function memoryPauses(clock: Pick<Clock, "now"> = { now: () => 0 }): Pauses {
  const paused = new Map<string, Pause>();
  return {
    isPaused: async (id) => paused.has(id),
    get: async (id) => paused.get(id),
    pause: async (id, by) => void paused.set(id, { atMs: clock.now(), by }),
    resume: async (id) => void paused.delete(id),
  };
}

/** Dead letters, in pages of ten. */
export function memoryDeadLetters(letters: DueMessage[] = []): DeadLetters & { letters: DueMessage[] } {
  return {
    letters,
    async *read() {
      const found = letters.map((message) => ({ message, receipt: "" }));
      for (let start = 0; start < found.length; start += 10) yield found.slice(start, start + 10);
    },
    async remove({ message }) {
      const at = letters.indexOf(message);
      if (at >= 0) letters.splice(at, 1);
    },
  };
}

function recordingDispatcher(): Dispatcher & {
  sent: Sent[];
  ended: EndMessage[];
  waiting: number;
  taken: number;
} {
  const sent: Sent[] = [];
  const ended: EndMessage[] = [];
  return {
    sent,
    ended,
    waiting: 0,
    taken: 0,
    async backlog() {
      return { waiting: this.waiting, taken: this.taken };
    },
    async toFunction(message, { delaySeconds }) {
      sent.push({ to: "function", message, delaySeconds });
    },
    async sendMany(messages) {
      for (const { to, message, delaySeconds } of messages) sent.push({ to, message, delaySeconds });
      return new Map();
    },
    async announceEnd(message) {
      ended.push(message);
    },
    async toFire(message, delaySeconds) {
      sent.push({ to: "fire", message, delaySeconds });
    },
  };
}

const fixedTokens: Tokens = {
  apiTokens: async () => ["current", "previous"],
  signingKeys: async () => ["key"],
};

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

/** A function on Fargate, two tasks at once. `memoryPorts` do not have it deployed. */
export function deployedOnFargate({ retry }: Pick<DeployedFunction, "retry">): DeployedFunction {
  return {
    name: "onFargate",
    id: functionId("onFargate"),
    fifo: false,
    retry,
    settings: { maxDurationSeconds: 3_600, compute: "fargate", memory: 1024, config: {} },
    tasks: 2,
  };
}

/** A function of which two start in ten seconds, of each customer. `memoryPorts` do not have it deployed. */
export function deployedWithRatePer({ retry }: Pick<DeployedFunction, "retry">): DeployedFunction {
  return {
    name: "twoInTen",
    id: functionId("twoInTen"),
    fifo: false,
    retry,
    settings: { maxDurationSeconds: 885, compute: "lambda", memory: 1024, config: {} },
    rateLimit: { limit: 2, periodSeconds: 10, burst: 1, per: "customer" },
  };
}

/** Every port in memory, over two functions: `importContacts`, and `oneByOne` with a FIFO queue. */
export function memoryPorts(startMs = 10_000) {
  const retry = {
    maxAttempts: 0,
    initialIntervalSeconds: 30,
    multiplier: 1.5,
    maxIntervalSeconds: 600,
    randomizationFactor: 0.5,
  };
  const settings = { maxDurationSeconds: 885, compute: "lambda" as const, memory: 1024, config: {} };
  const deployed: DeployedFunction[] = [
    { name: "importContacts", id: functionId("importContacts"), fifo: false, retry, settings },
    { name: "oneByOne", id: functionId("oneByOne"), fifo: true, retry, settings: { ...settings, concurrency: 1 } },
    { name: "twoAtMost", id: functionId("twoAtMost"), fifo: false, retry, capacity: 2, settings },
    {
      name: "perCustomer",
      id: functionId("perCustomer"),
      fifo: false,
      retry,
      settings,
      concurrency: { per: "customer", limit: 2 },
    },
    {
      name: "fourASecond",
      id: functionId("fourASecond"),
      fifo: false,
      retry,
      settings,
      rateLimit: { limit: 4, periodSeconds: 1, burst: 2 },
    },
    {
      name: "followed",
      id: functionId("followed"),
      fifo: false,
      retry,
      settings,
      followUps: { onFailure: "importContacts", onSuccess: "importContacts" },
    },
  ];
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
    functions: functionCatalog(deployed),
    random: () => 0.5,
    executionTokens: "tree" as "tree" | "full",
    readOpenapi: () => "{}",
    readConsoleFile: (_name: string): Uint8Array | undefined => undefined,
    consoleCodes: memoryConsoleCodes(),
    randomBytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
  };
}
