/** Draw for the n-th request of a name. */
export interface Draw {
  /** Counts from 1. */
  n: number;
  /** Returns the next uniform number, at least 0, less than 1. */
  random(): number;
}

/**
 * Seeded random numbers. A draw depends on the seed, the name and the number of earlier draws for that name, and on
 * nothing else: concurrent work does not matter, so runs are roughly reproducible.
 */
export class Dice {
  readonly #seed: number;
  readonly #asked = new Map<string, number>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  draw(name: string): Draw {
    const n = (this.#asked.get(name) ?? 0) + 1;
    this.#asked.set(name, n);
    return { n, random: mulberry32(fnv1a(`${this.#seed} ${name} ${n}`)) };
  }
}

// http://www.isthe.com/chongo/tech/comp/fnv/
function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

// https://gist.github.com/tommyettinger/46a874533244883189143505d203312c
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
