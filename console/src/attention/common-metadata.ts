/** A pair of metadata, and how many of the executions have it. */
export interface CommonPair {
  key: string;
  value: string;
  count: number;
}

/**
 * Returns the pairs that most of these executions have in common, equally common ones: "all of them are for the customer
 * acme" says more than any stack.
 */
export function commonMetadata(executions: readonly { metadata: Readonly<Record<string, string>> }[]): CommonPair[] {
  const counts = new Map<string, CommonPair>();
  for (const { metadata } of executions) {
    for (const [key, value] of Object.entries(metadata)) {
      const name = JSON.stringify([key, value]);
      counts.set(name, { key, value, count: (counts.get(name)?.count ?? 0) + 1 });
    }
  }
  const pairs = [...counts.values()];
  const most = Math.max(0, ...pairs.map(({ count }) => count));
  return most > executions.length / 2 ? pairs.filter(({ count }) => count === most).slice(0, 3) : [];
}
