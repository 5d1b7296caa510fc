/** One line of a bench's table. Figures with a `row` are the columns of that row, by their names. */
export type Figure = { row?: string } & (
  | { name: string; unit: string; value: number; n: number }
  | { name: string; unit: string; n: number; min: number; median: number; p99: number; max: number }
);

export interface BenchOptions {
  /** Also what takes long: a million executions. */
  full: boolean;
}

/** The output of a bench: figures, and notes on how they were measured (warm-up, omissions, reason of a skip). */
export interface BenchResult {
  figures: Figure[];
  notes: string[];
}

export type Bench = (options: BenchOptions) => Promise<BenchResult>;

/** min, median, p99 and max of samples (of which there must be one): each is a sample itself, by nearest rank. */
export function distribution(name: string, unit: string, samples: readonly number[]): Figure {
  const sorted = samples.toSorted((a, b) => a - b);
  const rank = (share: number) => {
    const sample = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
    if (sample === undefined) throw new Error(`${name}: no samples`);
    return sample;
  };
  return { name, unit, n: sorted.length, min: rank(0), median: rank(0.5), p99: rank(0.99), max: rank(1) };
}
