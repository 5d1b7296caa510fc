/** What is drawn when a name is asked for the n-th time. */
export interface Draw {
  /** From 1 on. */
  n: number;
  /** Uniform, from 0 up to, not including, 1: one number after the other. */
  random(): number;
}

/**
 * Seeded chance. What comes out depends on the seed, the name and how often that name was asked for before, and on
 * nothing else: who runs beside it does not matter, so that a run can be had again, more or less.
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
