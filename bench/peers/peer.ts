/** A job that does nothing but note when it began. */
export interface NewJob {
  key: string;
  /** Metadata, or what comes nearest to it. */
  user: string;
  /** In milliseconds since 1970; at once without it. */
  scheduledAtMs?: number;
}

/** Something that runs jobs, ready to. */
export interface Peer {
  name: string;
  /** How the peer was set up, for the reader of the figures. */
  setUp: string;
  /** Resolves when the job is accepted. */
  enqueue(job: NewJob): Promise<void>;
  /** When the job's own code began, in milliseconds since 1970; waits for it. */
  began(key: string): Promise<number>;
  /**
   * Makes waiting jobs of a thousand users in turn, until there are `count` or it is `untilMs`. Returns how many there
   * are.
   */
  seed(count: number, untilMs: number): Promise<number>;
  /** How many of the newest 50 jobs of a user are found. */
  list(user: string): Promise<number>;
  stop(): Promise<void>;
}

/** The peer needs something that this machine lacks. */
export class Missing extends Error {}

export const USERS = 1_000;
export const PAGE = 50;

/** When jobs began, told by the jobs and asked for by key. */
export class Beginnings {
  readonly #times = new Map<string, PromiseWithResolvers<number>>();

  note(key: string): void {
    this.#of(key).resolve(Date.now());
  }

  get(key: string): Promise<number> {
    return this.#of(key).promise;
  }

  #of(key: string): PromiseWithResolvers<number> {
    const known = this.#times.get(key) ?? Promise.withResolvers<number>();
    this.#times.set(key, known);
    return known;
  }
}

/** A package of `bench/package.json`. @throws Missing */
export async function peerPackage(name: string): Promise<unknown> {
  try {
    return await import(name);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw cause;
    throw new Missing(`${name} is not installed: npm ci --prefix bench`, { cause });
  }
}
