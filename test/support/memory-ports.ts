import type { Attempt, Execution } from "../../lambdas/core/execution.ts";
import type { DeployedFunction } from "../../lambdas/core/functions.ts";
import { functionCatalog } from "../../lambdas/core/functions.ts";
import type {
  Attempts,
  Clock,
  Dispatcher,
  DueMessage,
  Executions,
  Payloads,
  Tokens,
} from "../../lambdas/core/ports.ts";

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

export function memoryExecutions(): Executions & { records: Map<string, Execution> } {
  const records = new Map<string, Execution>();
  return {
    records,
    async create(execution) {
      if (records.has(execution.id)) throw new Error("exists");
      records.set(execution.id, structuredClone(execution));
    },
    async get(id) {
      return structuredClone(records.get(id));
    },
    async apply({ from, to }) {
      const current = records.get(from.id);
      if (current === undefined || current.state !== from.state || current.revision !== from.revision) return "lost";
      records.set(from.id, structuredClone(to));
      return "applied";
    },
  };
}

export function memoryAttempts(): Attempts & { records: Map<string, Attempt> } {
  const records = new Map<string, Attempt>();
  return {
    records,
    async record(attempt) {
      const key = `${attempt.executionId}.${attempt.number}`;
      if (records.has(key)) return "exists";
      records.set(key, structuredClone(attempt));
      return "recorded";
    },
    async get(executionId, number) {
      return structuredClone(records.get(`${executionId}.${number}`));
    },
  };
}

export function memoryPayloads(): Payloads & { objects: Map<string, string> } {
  const objects = new Map<string, string>();
  return {
    objects,
    async store(key, text, inlineBytes) {
      if (Buffer.byteLength(text) <= inlineBytes) return { inline: text };
      objects.set(key, text);
      return { key, bytes: Buffer.byteLength(text) };
    },
    async read(payload) {
      return "inline" in payload ? payload.inline : (objects.get(payload.key) ?? "");
    },
    async link(key) {
      return `https://payloads.test/${key}`;
    },
  };
}

export interface Sent {
  to: "function" | "fire";
  message: DueMessage;
  delaySeconds: number;
}

function recordingDispatcher(): Dispatcher & { sent: Sent[] } {
  const sent: Sent[] = [];
  return {
    sent,
    async toFunction(message, { delaySeconds }) {
      sent.push({ to: "function", message, delaySeconds });
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

/** Every port in memory, over two functions: `importContacts`, and `oneByOne` with a FIFO queue. */
export function memoryPorts(startMs = 10_000) {
  const deployed: DeployedFunction[] = [
    { name: "importContacts", id: "id-1", fifo: false },
    { name: "oneByOne", id: "id-2", fifo: true },
  ];
  return {
    clock: steppedClock(startMs),
    executions: memoryExecutions(),
    attempts: memoryAttempts(),
    payloads: memoryPayloads(),
    dispatcher: recordingDispatcher(),
    tokens: fixedTokens,
    functions: functionCatalog(deployed),
    randomBytes: (count: number) => crypto.getRandomValues(new Uint8Array(count)),
  };
}
