/** A pair of metadata. */
interface Pair {
  key: string;
  value: string;
}

/** Pairs that most of the last failures have in common. */
export interface InCommon {
  pairs: readonly Pair[];
  /** Failures that have these pairs. */
  shared: number;
  /** Failures that were looked at. */
  of: number;
}

/**
 * Finds the pairs that most of the newest executions have in common, equally common ones: "all of them are for the
 * customer acme" says more than any stack. Looks at `count` of them at most: some may have failed since their kind was
 * counted.
 * @returns `undefined` where there are too few, or they differ
 */
export function commonMetadata(
  newestFirst: readonly { metadata: Readonly<Record<string, string>> }[],
  count: number,
): InCommon | undefined {
  const executions = newestFirst.slice(0, count);
  const found = new Map<string, Pair & { shared: number }>();
  for (const { metadata } of executions) {
    for (const [key, value] of Object.entries(metadata)) {
      const name = JSON.stringify([key, value]);
      found.set(name, { key, value, shared: (found.get(name)?.shared ?? 0) + 1 });
    }
  }
  const all = [...found.values()];
  const most = Math.max(0, ...all.map(({ shared }) => shared));
  if (executions.length < 2 || most <= executions.length / 2) return undefined;
  const pairs = all.filter(({ shared }) => shared === most).slice(0, 3);
  return { pairs: pairs.map(({ key, value }) => ({ key, value })), shared: most, of: executions.length };
}
