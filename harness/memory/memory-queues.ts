import type { FollowUpMessage } from "../../lambdas/core/follow-ups.ts";
import type { DeadLetters, Dispatcher, DueMessage, Timer } from "../../lambdas/core/ports.ts";

export interface Sent {
  to: "function" | "fire" | "timer";
  message: DueMessage;
  delaySeconds?: number;
  atMs?: number;
}

export function recordingTimer(sent: Sent[]): Timer & { cleared: string[] } {
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

export function recordingDispatcher(): Dispatcher & {
  sent: Sent[];
  ended: FollowUpMessage[];
  waiting: number;
  taken: number;
} {
  const sent: Sent[] = [];
  const ended: FollowUpMessage[] = [];
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
