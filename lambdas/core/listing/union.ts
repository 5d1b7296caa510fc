import type { Budget } from "./budget.ts";
import { beyond, type Direction, isBefore, later, type Position, type Postings } from "./postings.ts";

/** One request to one partition of an index. */
export interface Range {
  direction: Direction;
  from: Position | undefined;
  /** Nothing beyond this key is wanted. */
  to: string | undefined;
  limit: number;
}

/** Result of one request. `isEnd`: there is nothing beyond the last key, within the range. */
export interface Read<Key extends string> {
  keys: readonly Key[];
  isEnd: boolean;
}

export type ReadPartition<Partition, Key extends string> = (partition: Partition, range: Range) => Promise<Read<Key>>;

export interface UnionOptions<Partition, Key extends string> {
  /**
   * Read group after group, the partitions of a group at once. Where a key may move from one partition to another
   * meanwhile, the one it moves to belongs in a later group: then it is seen in one of them.
   */
  groups: readonly (readonly Partition[])[];
  read: ReadPartition<Partition, Key>;
  direction: Direction;
  from: Position | undefined;
  /** The list ends here. */
  to?: Position | undefined;
  /** About so many keys are wanted of the whole at first. */
  wanted: number;
  budget: Budget;
  /** How much of the budget a request takes, and every further {@link KEYS_A_REQUEST} keys of it. @default 1 */
  requestCost?: number;
}

/**
 * A request costs half a read unit at least, as much as a record, and delivers that many keys for it, however long they
 * are within reason. No request asks for fewer: with many partitions, each has one or two of the keys that are wanted,
 * and one more than expected would cost another round through all of them.
 */
const KEYS_A_REQUEST = 20;

/** After a jump this many are read, then twice as many with every further round. */
const AFTER_JUMP = 8;
const MAX_PER_ROUND = 128;

/** The keys of several partitions as one sorted list, without repetition. */
export class Union<Partition, Key extends string> implements Postings<Key> {
  readonly #options: UnionOptions<Partition, Key>;
  #buffer: Key[] = [];
  #from: Position | undefined;
  #isEnd = false;
  #wanted: number;

  constructor(options: UnionOptions<Partition, Key>) {
    this.#options = options;
    this.#from = options.from;
    this.#wanted = options.wanted;
  }

  async next(from?: Position) {
    const { direction, budget } = this.#options;
    if (from !== undefined) this.#passOver(from);
    while (this.#buffer.length === 0) {
      if (this.#isEnd) return { stopped: "end" } as const;
      // Before anything was read there is a position only if one was given; a fresh budget never stops there.
      if (budget.remaining() <= 0) return { stopped: "budget", at: this.#from ?? START[direction] } as const;
      await this.fill();
    }
    return { key: this.#buffer.shift() as Key };
  }

  /** Reads one round ahead, with a share of what is left of the budget: others may read at the same time. */
  async fill(share = 1): Promise<void> {
    const { direction } = this.#options;
    const { keys, end } = await this.#readRound(share);
    this.#buffer.push(...keys);
    this.#isEnd = end === undefined;
    if (end !== undefined) this.#from = beyond(end, direction);
    this.#wanted = Math.min(MAX_PER_ROUND, this.#wanted * 2);
  }

  /** Keys that were read ahead, and whether they are all there is. */
  get ahead(): { keys: readonly Key[]; isAll: boolean } {
    return { keys: this.#buffer, isAll: this.#isEnd };
  }

  #passOver(from: Position): void {
    const { direction } = this.#options;
    const first = this.#buffer.findIndex((key) => !isBefore(key, from, direction));
    this.#buffer = first === -1 ? [] : this.#buffer.slice(first);
    if (this.#buffer.length > 0 || this.#isEnd) return;
    if (this.#from === undefined || isBefore(this.#from, from, direction)) {
      this.#from = from;
      this.#wanted = AFTER_JUMP;
    }
  }

  // A partition that has more than it was asked for is known up to its last key only, and so is the whole.
  async #readRound(share: number): Promise<{ keys: Key[]; end: string | undefined }> {
    const { groups, read, direction, to, budget, requestCost = 1 } = this.#options;
    const found = new Set<Key>();
    const limit = this.#limit(share);
    let end: string | undefined;
    for (const group of groups) {
      const range = { direction, from: this.#from, to: end ?? to, limit };
      const reads = await Promise.all(group.map((partition) => read(partition, range)));
      for (const { keys, isEnd } of reads) {
        budget.spend(Math.max(1, keys.length / KEYS_A_REQUEST) * requestCost);
        for (const key of keys) found.add(key);
        const last = keys.at(-1);
        if (!isEnd && last !== undefined && (end === undefined || isBefore(last, end, direction))) end = last;
      }
    }
    const known = [...found].filter((key) => end === undefined || later(key, end, direction) === end);
    return { keys: known.sort((a, b) => (isBefore(a, b, direction) ? -1 : 1)), end };
  }

  // Keys spread over the partitions at random: some more than the average, so that one round is enough.
  #limit(share: number): number {
    const { groups, budget, requestCost = 1 } = this.#options;
    const partitions = groups.reduce((sum, group) => sum + group.length, 0);
    const average = this.#wanted / partitions;
    const affordable = Math.floor((KEYS_A_REQUEST * budget.remaining() * share) / (partitions * requestCost));
    const enough = Math.ceil(average + (partitions > 1 ? 2 * Math.sqrt(average) : 0));
    return Math.max(KEYS_A_REQUEST, Math.min(enough, affordable));
  }
}

/** Positions before every key. */
const START: Record<Direction, Position> = { newestFirst: "~", oldestFirst: " " };
