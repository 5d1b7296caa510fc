import { DomainError } from "../../lambdas/core/errors.ts";
import { type Attempt, type Execution, postingsOf, wakePlaceOf } from "../../lambdas/core/execution.ts";
import { type ExecutionId, shardOf } from "../../lambdas/core/ids.ts";
import type { Partition } from "../../lambdas/core/listing/plan.ts";
import { isBefore } from "../../lambdas/core/listing/postings.ts";
import type {
  Attempts,
  Bound,
  Debounces,
  Executions,
  IdempotencyKeys,
  Indexes,
  KeyedRequest,
  Payloads,
} from "../../lambdas/core/ports.ts";
import { frozen } from "./frozen.ts";

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
      records.set(execution.id, frozen(execution));
      return "created";
    },
    async createMany(executions) {
      for (const execution of executions) records.set(execution.id, frozen(execution));
      return new Map();
    },
    async get(id) {
      return records.get(id);
    },
    async getMany(ids) {
      const found = ids.map((id) => records.get(id)).filter((it) => it !== undefined);
      return new Map(found.map((execution) => [execution.id, execution]));
    },
    async apply({ from, to }) {
      const current = records.get(from.id);
      if (current === undefined || current.version !== from.version) return "lost";
      records.set(from.id, frozen(to));
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
      return keys.get(of(functionId, key));
    },
    async bind(functionId, key, bound, previous) {
      if (keys.get(of(functionId, key))?.executionId !== previous) return false;
      keys.set(of(functionId, key), frozen(bound));
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
      records.set(key, frozen(attempt));
      return "recorded";
    },
    async keep(attempt, fromMs) {
      const key = `${attempt.executionId}.${attempt.number}`;
      records.set(key, frozen(attempt));
      keptFromMs.set(key, fromMs);
    },
    async get(executionId, number) {
      return records.get(`${executionId}.${number}`);
    },
    async getMany(executionId, numbers) {
      const found = numbers.map((number) => records.get(`${executionId}.${number}`)).filter((it) => it !== undefined);
      return new Map(found.map((attempt) => [attempt.number, attempt]));
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
