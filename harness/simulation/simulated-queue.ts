import type { SimulatedTime } from "./simulated-time.ts";

/** The disorder of a queue: SQS delivers late, twice, and in any order. */
export interface Disorder {
  lateMs(): number;
  isDoubled(): boolean;
  /** How long a message that was received stays hidden. */
  visibilityMs(): number;
  /** A number from 0 to `count` - 1; counting takes long. */
  which(count: () => number): number;
}

export interface QueueOptions<Message> {
  time: SimulatedTime;
  disorder: Disorder;
  /** One message at a time, in order of arrival; never doubled. */
  fifo: boolean;
  /** Handles a message; resolves to whether it is done with. `hold` sets how long it stays hidden from now on. */
  handle: (message: Message, receive: { count: number; hold: (seconds: number) => void }) => Promise<boolean>;
}

export interface SimulatedQueue<Message> {
  send(message: Message, delaySeconds: number): void;
  /** Messages that nobody has received yet, and those that somebody has, or that are delayed. */
  backlog(): { waiting: number; taken: number };
  /** All messages, also those that are delayed or in flight. */
  size(): number;
  /** Forgets all messages, as an outage might. */
  purge(): void;
  deadLettered: Message[];
}

/** After so many deliveries a message goes to the dead-letter queue. */
const MAX_RECEIVES = 10;

/** Deliveries at once from a standard queue. */
const AT_ONCE = 50;

/** A queue with the Lambda that reads it. */
export function simulatedQueue<Message>(options: QueueOptions<Message>): SimulatedQueue<Message> {
  const { time, disorder, fifo, handle } = options;
  interface Kept {
    message: Message;
    visibleAtMs: number;
    receives: number;
  }
  const kept: Kept[] = [];
  const deadLettered: Message[] = [];
  let running = 0;

  const isVisible = ({ visibleAtMs }: Kept) => visibleAtMs <= time.now();
  const visible = () => kept.filter(isVisible);
  const pick = () => {
    const index = disorder.which(() => visible().length);
    return index === 0 ? kept.find(isVisible) : visible()[index];
  };
  const remove = (it: Kept) => {
    const at = kept.indexOf(it);
    if (at >= 0) kept.splice(at, 1);
  };
  const showAt = (it: Kept, atMs: number) => {
    it.visibleAtMs = atMs;
    time.at(atMs, poll);
  };

  function poll(): void {
    while (running < (fifo ? 1 : AT_ONCE)) {
      const next = fifo ? kept.slice(0, 1).find(isVisible) : pick();
      if (next === undefined) return;
      if (next.receives >= MAX_RECEIVES) {
        deadLettered.push(next.message);
        remove(next);
      } else void receive(next);
    }
  }

  async function receive(it: Kept): Promise<void> {
    running++;
    const receipt = ++it.receives;
    const hold = (seconds: number) => receipt === it.receives && showAt(it, time.now() + seconds * 1000);
    showAt(it, time.now() + (!fifo && disorder.isDoubled() ? 1 : disorder.visibilityMs()));
    const isDone = await handle(it.message, { count: receipt, hold });
    running--;
    // A FIFO queue no longer knows a receipt after somebody else has received the message.
    if (isDone && (!fifo || receipt === it.receives)) remove(it);
    poll();
  }

  return {
    deadLettered,
    send(message, delaySeconds) {
      const it = { message, visibleAtMs: 0, receives: 0 };
      kept.push(it);
      showAt(it, time.now() + delaySeconds * 1000 + disorder.lateMs());
    },
    backlog() {
      const waiting = visible().length;
      return { waiting, taken: kept.length - waiting };
    },
    size: () => kept.length,
    purge() {
      kept.length = 0;
    },
  };
}
